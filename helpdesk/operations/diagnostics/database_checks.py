"""Checks of the database and the cache, and of what the portal stores in them besides its rows."""

from __future__ import annotations

from itertools import islice

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.core.checks import Warning as CheckWarning
from django.db import connection
from django.utils.translation import gettext, ngettext

from helpdesk.content import triggers
from helpdesk.environment import WrongSetting
from helpdesk.operations import health, startup
from helpdesk.operations.diagnostics.registry import Section, diagnostic
from helpdesk.pagecache.version import stored_number
from helpdesk.search import index

_OTHER_CONNECTIONS = 5  # for backups, commands and people

# The oldest release that gets security fixes, from its makers or from Debian.
OLDEST_POSTGRESQL = 14


def start_hint() -> str:
    return gettext("Start the portal (`manage.py start`): it brings the database up to date.")


@diagnostic(Section.DATABASE)
def database_answers() -> CheckMessage:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            (version,) = cursor.fetchone()
            return Info(gettext("SQLite %(version)s answers.") % {"version": version})
        cursor.execute("""
            SELECT current_setting('server_version'), current_setting('server_version_num')::int,
            current_setting('server_encoding')""")
        version, number, encoding = cursor.fetchone()
    if encoding != "UTF8":
        return Error(
            gettext("PostgreSQL keeps texts in %(encoding)s, which doesn't have all letters.") % {"encoding": encoding},
            hint=gettext("Create a database with ENCODING 'UTF8', and restore a backup into it."),
        )
    if number // 10_000 < OLDEST_POSTGRESQL:
        return CheckWarning(
            gettext("PostgreSQL %(version)s is old.") % {"version": version},
            hint=gettext("Plan for release %(release)d or newer.") % {"release": OLDEST_POSTGRESQL},
        )
    return Info(gettext("PostgreSQL %(version)s answers.") % {"version": version})


@diagnostic(Section.DATA)
def durability() -> CheckMessage:
    if settings.DATABASE_MAY_FORGET:
        return CheckWarning(
            gettext("The database is allowed to forget what it has acknowledged (DATABASE_MAY_FORGET=1)."),
            hint=gettext("Remove that setting, unless nothing here has to survive a power cut."),
        )
    try:
        startup.refuse_forgetful_database()
    except WrongSetting as reason:
        return Error(str(reason), hint=gettext("Fix the setting or the server that is named above, then start again."))
    return Info(gettext("What it has acknowledged survives a power cut."))


@diagnostic(Section.CONTENT)
def integrity() -> CheckMessage:
    """Read all of a SQLite file; on PostgreSQL look for indexes whose creation failed."""
    if connection.vendor == "sqlite":
        problem, hint = _sqlite_damage(), gettext("Restore the newest backup (`manage.py restore`).")
    else:
        problem, hint = _invalid_indexes(), gettext("REINDEX them.")
    if problem:
        return Error(gettext("The database is damaged: %(problem)s.") % {"problem": problem}, hint=hint)
    return Info(gettext("Its file and its indexes are whole."))


def _sqlite_damage() -> str:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (result,) = cursor.fetchone()
        cursor.execute("PRAGMA foreign_key_check")
        orphans = len(cursor.fetchall())
    if result != "ok":
        return str(result)
    if not orphans:
        return ""
    text = ngettext(
        "%(count)d row without the row it belongs to", "%(count)d rows without the row they belong to", orphans
    )
    return text % {"count": orphans}


def _invalid_indexes() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid")
        names = ", ".join(name for (name,) in cursor.fetchall())
    return gettext("indexes that aren't valid: %(names)s") % {"names": names} if names else ""


@diagnostic(Section.DATA)
def connection_limit() -> CheckMessage:
    if connection.vendor == "sqlite":
        return Info(gettext("SQLite needs no connections to be counted."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    processes, pool = settings.WEB_CONCURRENCY, settings.DATABASE_POOL
    needed = processes * pool
    said = gettext(
        "This server may use %(needed)d connections (processes: %(processes)d, connections of each: %(pool)d)."
    )
    allowed = gettext("PostgreSQL allows %(most)d for all servers.")
    text = f"{said} {allowed}" % {"needed": needed, "processes": processes, "pool": pool, "most": most}
    if needed + _OTHER_CONNECTIONS > most:
        return Error(text, hint=gettext("Raise its max_connections, or lower DATABASE_POOL."))
    return Info(text)


@diagnostic(Section.DATABASE)
def migrations() -> CheckMessage:
    if problem := health.migrations_problem():
        return Error(gettext("Migrations: %(problem)s.") % {"problem": problem}, hint=start_hint())
    return Info(gettext("All migrations are applied."))


@diagnostic(Section.DATA)
def database_triggers() -> CheckMessage:
    """Triggers keep addresses, search and page cache in step, whatever writes the content."""
    missing = triggers.missing()
    if missing:
        names = ", ".join(missing[:3]) + (" …" if len(missing) > 3 else "")
        return Error(
            ngettext(
                "%(count)d trigger is missing in the database: %(names)s. Changes may go unseen.",
                "%(count)d triggers are missing in the database: %(names)s. Changes may go unseen.",
                len(missing),
            )
            % {"count": len(missing), "names": names},
            hint=gettext("Run `manage.py migrate`, which creates them again, then `manage.py reindex`."),
        )
    return Info(gettext("All triggers are in place."))


@diagnostic(Section.DATA)
def content_version() -> CheckMessage:
    if stored_number() is None:
        return Error(
            gettext("The version of the content is missing, so no page is kept."),
            hint=gettext("Run `manage.py migrate`."),
        )
    return Info(gettext("The version of the content is there."))


@diagnostic(Section.CONTENT)
def search_index() -> CheckMessage:
    """Read every page; a minute or two for 10,000 of them."""
    found = list(islice(index.drift(), 4))
    if found:
        pages = "; ".join(found[:3]) + (" …" if len(found) > 3 else "")
        return Error(
            gettext("The search index is out of date: %(pages)s.") % {"pages": pages},
            hint=gettext("Run `manage.py reindex`."),
        )
    return Info(gettext("The search index is up to date."))


@diagnostic(Section.DATA)
def cache_answers() -> CheckMessage:
    problem = health.cache_problem()
    if health.cache_is_in_database():
        if problem:
            return Error(gettext("The cache's table: %(problem)s.") % {"problem": problem}, hint=start_hint())
        return Info(gettext("The cache's table answers."))
    if problem:
        return Error(
            gettext("Redis doesn't answer (%(problem)s), so no limits are counted.") % {"problem": problem},
            hint=gettext("Start it, or fix CACHE_URL."),
        )
    return Info(gettext("Redis answers."))
