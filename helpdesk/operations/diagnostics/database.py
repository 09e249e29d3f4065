"""The database and the cache, and what the portal keeps in them besides its rows."""

from __future__ import annotations

from itertools import islice

from django.conf import settings
from django.db import connection

from helpdesk.content import triggers
from helpdesk.environment import WrongSetting
from helpdesk.operations import health, startup
from helpdesk.operations.diagnostics.finding import Finding, counted, good, look, wrong
from helpdesk.pagecache.version import stored_number
from helpdesk.search import index

_NEWER = "Start the portal (`manage.py start`): it brings the database up to date."
_FEW_OTHERS = 5  # connections that backups, commands and people need

# Oldest releases that their makers still mend, or Debian does.
OLDEST_POSTGRESQL = 14


def answers() -> Finding:
    """Raises what the database raises."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return good(f"SQLite {cursor.fetchone()[0]} answers.")
        cursor.execute("""
            SELECT current_setting('server_version'), current_setting('server_version_num')::int,
            current_setting('server_encoding')""")
        version, number, encoding = cursor.fetchone()
    if encoding != "UTF8":
        return wrong(
            f"PostgreSQL keeps texts in {encoding}, which has not all letters.",
            "Make a database with ENCODING 'UTF8', and bring a backup there.",
        )
    if number // 10_000 < OLDEST_POSTGRESQL:
        return look(f"PostgreSQL {version} is old.", f"Plan for release {OLDEST_POSTGRESQL} or newer.")
    return good(f"PostgreSQL {version} answers.")


def keeps_what_it_acknowledged() -> Finding:
    if settings.DATABASE_MAY_FORGET:
        return look(
            "The database is allowed to forget what it has acknowledged (DATABASE_MAY_FORGET=1).",
            "Take that setting away, unless nothing here has to survive a power cut.",
        )
    try:
        startup.refuse_forgetful_database()
    except WrongSetting as reason:
        return wrong(str(reason), "Do as the sentence says.")
    return good("What it has acknowledged survives a power cut.")


def is_whole() -> Finding:
    """Reads all of a SQLite file; on PostgreSQL looks for indexes that were not made to the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            (said,) = cursor.fetchone()
            cursor.execute("PRAGMA foreign_key_check")
            orphans = len(cursor.fetchall())
            problem = said if said != "ok" else f"{counted(orphans, 'row')} without the row they belong to"
            is_good = said == "ok" and not orphans
        else:
            cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
            names = ", ".join(name for (name,) in cursor.fetchall())
            problem, is_good = f"indexes that are not valid: {names}", not names
    if is_good:
        return good("Its file and its indexes are whole.")
    mend = "Put the newest backup back (`manage.py restore`)." if connection.vendor == "sqlite" else "REINDEX them."
    return wrong(f"The database is damaged: {problem}.", mend)


def has_connections_enough() -> Finding:
    if connection.vendor == "sqlite":
        return good("SQLite needs no connections to be counted.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    processes, pool = settings.WEB_CONCURRENCY, settings.DATABASE_POOL
    needed = processes * pool
    said = f"This server may use {needed} connections ({processes} processes of {pool})"
    if needed + _FEW_OTHERS > most:
        return wrong(f"{said}, PostgreSQL allows {most}.", "Raise its max_connections, or lower DATABASE_POOL.")
    return good(f"{said} of the {most} that PostgreSQL allows. Count all servers.")


def is_migrated() -> Finding:
    if problem := health.migrations_problem():
        return wrong(f"Migrations: {problem}.", _NEWER)
    return good("All migrations are applied.")


def has_all_triggers() -> Finding:
    """They keep addresses, search and page cache in step, whatever writes the content."""
    missing = triggers.missing()
    if missing:
        names = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
        return wrong(
            f"{counted(len(missing), 'trigger')} not in the database: {names}. Changes may go unseen.",
            "Run `manage.py migrate`, which makes them anew, then `manage.py reindex`.",
        )
    return good("All triggers are in place.")


def knows_its_version() -> Finding:
    if stored_number() is None:
        return wrong("The version of the content is missing, so no page is kept.", "Run `manage.py migrate`.")
    return good("The version of the content is there.")


def search_is_in_step() -> Finding:
    """Reads every page; a minute or two for 10,000 of them."""
    found = list(islice(index.drift(), 4))
    if found:
        return wrong(
            f"The search index is out of step: {'; '.join(found[:3])}{' …' if len(found) > 3 else ''}.",
            "Run `manage.py reindex`.",
        )
    return good("The search index is in step with the content.")


def cache_answers() -> Finding:
    problem = health.cache_problem()
    if health.cache_is_in_database():
        return wrong(f"The cache's table: {problem}.", _NEWER) if problem else good("The cache's table answers.")
    if problem:
        return wrong(f"Redis does not answer ({problem}), so no limits are counted.", "Start it, or mend CACHE_URL.")
    return good("Redis answers.")
