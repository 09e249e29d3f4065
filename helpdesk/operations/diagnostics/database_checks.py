"""Checks of the database and the cache, and of what the portal stores in them besides its rows."""

from __future__ import annotations

from itertools import islice

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as CheckWarning
from django.db import connection

from helpdesk.content import triggers
from helpdesk.environment import WrongSetting
from helpdesk.operations import health, startup
from helpdesk.operations.diagnostics.registry import Section, counted, diagnostic
from helpdesk.pagecache.version import stored_number
from helpdesk.search import index

_START = "Start the portal (`manage.py start`): it brings the database up to date."
_OTHER_CONNECTIONS = 5  # for backups, commands and people

# The oldest release that gets security fixes, from its makers or from Debian.
OLDEST_POSTGRESQL = 14


@diagnostic(Section.DATABASE)
def database_answers() -> CheckMessage:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return Info(f"SQLite {cursor.fetchone()[0]} answers.")
        cursor.execute("""
            SELECT current_setting('server_version'), current_setting('server_version_num')::int,
            current_setting('server_encoding')""")
        version, number, encoding = cursor.fetchone()
    if encoding != "UTF8":
        return Error(
            f"PostgreSQL keeps texts in {encoding}, which has not all letters.",
            hint="Make a database with ENCODING 'UTF8', and bring a backup there.",
        )
    if number // 10_000 < OLDEST_POSTGRESQL:
        return CheckWarning(f"PostgreSQL {version} is old.", hint=f"Plan for release {OLDEST_POSTGRESQL} or newer.")
    return Info(f"PostgreSQL {version} answers.")


@diagnostic(Section.DATA)
def durability() -> CheckMessage:
    if settings.DATABASE_MAY_FORGET:
        return CheckWarning(
            "The database is allowed to forget what it has acknowledged (DATABASE_MAY_FORGET=1).",
            hint="Take that setting away, unless nothing here has to survive a power cut.",
        )
    try:
        startup.refuse_forgetful_database()
    except WrongSetting as reason:
        return Error(str(reason), hint="Fix the setting or the server that is named above, then start again.")
    return Info("What it has acknowledged survives a power cut.")


@diagnostic(Section.CONTENT)
def integrity() -> CheckMessage:
    """Read all of a SQLite file; on PostgreSQL look for indexes whose creation failed."""
    if connection.vendor == "sqlite":
        problem, hint = _sqlite_damage(), "Put the newest backup back (`manage.py restore`)."
    else:
        problem, hint = _invalid_indexes(), "REINDEX them."
    if problem:
        return Error(f"The database is damaged: {problem}.", hint=hint)
    return Info("Its file and its indexes are whole.")


def _sqlite_damage() -> str:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (result,) = cursor.fetchone()
        cursor.execute("PRAGMA foreign_key_check")
        orphans = len(cursor.fetchall())
    if result != "ok":
        return str(result)
    return f"{counted(orphans, 'row')} without the row they belong to" if orphans else ""


def _invalid_indexes() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        names = ", ".join(name for (name,) in cursor.fetchall())
    return f"indexes that are not valid: {names}" if names else ""


@diagnostic(Section.DATA)
def connection_limit() -> CheckMessage:
    if connection.vendor == "sqlite":
        return Info("SQLite needs no connections to be counted.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    processes, pool = settings.WEB_CONCURRENCY, settings.DATABASE_POOL
    needed = processes * pool
    said = f"This server may use {needed} connections ({processes} processes of {pool})"
    if needed + _OTHER_CONNECTIONS > most:
        return Error(f"{said}, PostgreSQL allows {most}.", hint="Raise its max_connections, or lower DATABASE_POOL.")
    return Info(f"{said} of the {most} that PostgreSQL allows. Count all servers.")


@diagnostic(Section.DATABASE)
def migrations() -> CheckMessage:
    if problem := health.migrations_problem():
        return Error(f"Migrations: {problem}.", hint=_START)
    return Info("All migrations are applied.")


@diagnostic(Section.DATA)
def database_triggers() -> CheckMessage:
    """Triggers keep addresses, search and page cache in step, whatever writes the content."""
    missing = triggers.missing()
    if missing:
        names = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
        return Error(
            f"{counted(len(missing), 'trigger')} not in the database: {names}. Changes may go unseen.",
            hint="Run `manage.py migrate`, which makes them anew, then `manage.py reindex`.",
        )
    return Info("All triggers are in place.")


@diagnostic(Section.DATA)
def content_version() -> CheckMessage:
    if stored_number() is None:
        return Error("The version of the content is missing, so no page is kept.", hint="Run `manage.py migrate`.")
    return Info("The version of the content is there.")


@diagnostic(Section.CONTENT)
def search_index() -> CheckMessage:
    """Read every page; a minute or two for 10,000 of them."""
    found = list(islice(index.drift(), 4))
    if found:
        return Error(
            f"The search index is out of date: {'; '.join(found[:3])}{' …' if len(found) > 3 else ''}.",
            hint="Run `manage.py reindex`.",
        )
    return Info("The search index is up to date.")


@diagnostic(Section.DATA)
def cache_answers() -> CheckMessage:
    problem = health.cache_problem()
    if health.cache_is_in_database():
        return Error(f"The cache's table: {problem}.", hint=_START) if problem else Info("The cache's table answers.")
    if problem:
        return Error(
            f"Redis does not answer ({problem}), so no limits are counted.", hint="Start it, or mend CACHE_URL."
        )
    return Info("Redis answers.")
