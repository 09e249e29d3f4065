"""Copy and replacement of a SQLite database by SQLite's backup API."""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext

from helpdesk.operations.backup import row_sums
from helpdesk.operations.backup.backup_errors import BackupError

KIND = "sqlite"
_LOCK_TIMEOUT = 60.0


def _path() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def dump(file: Path) -> row_sums.TableSums:
    """Copy the database as it is at one moment, while the portal reads and writes; return the sums of its tables.

    Raises BackupError when there is no database or the copy is damaged.
    """
    if not Path(_path()).is_file():
        raise BackupError(gettext("There is no database yet. Start the portal once."))
    with closing(sqlite3.connect(_path(), timeout=_LOCK_TIMEOUT)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
        return _checked_sums(copy)


def check(file: Path) -> row_sums.TableSums:
    """Return the sums of a copy's tables. Raises BackupError when it is damaged."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as copy:
        return _checked_sums(copy)


def _checked_sums(copy: sqlite3.Connection) -> row_sums.TableSums:
    try:
        (result,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        result = str(error)
    if result != "ok":
        raise BackupError(gettext("The copy of the database is damaged: %(result)s.") % {"result": result})
    return row_sums.of_sqlite(copy)


def has_content() -> bool:
    """Return whether a restore would replace anything."""
    return Path(_path()).is_file() and "django_migrations" in connection.introspection.table_names()


def load(file: Path) -> None:
    """Replace the database with the copy, in one transaction: `kill -9` at any moment leaves the one or the other.

    Raises BackupError when another program keeps the database locked.
    """
    _renew_content_version(file)
    connection.close()
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(_path(), timeout=_LOCK_TIMEOUT)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        try:
            source.backup(database)
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            raise BackupError(
                gettext("The database couldn't be replaced (%(error)s). Stop the portal and try again.")
                % {"error": error}
            ) from None


def _renew_content_version(file: Path) -> None:
    """Give the content a version it never had, so that no process serves cached pages from before the restore."""
    with closing(sqlite3.connect(file)) as copy, copy:
        copy.execute("UPDATE pagecache_contentversion SET number = ?", [secrets.randbits(62)])
