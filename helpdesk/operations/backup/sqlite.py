"""SQLite: a copy of the database while it is written to, and back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from helpdesk.operations.backup import rows
from helpdesk.operations.backup.errors import Trouble

KIND = "sqlite"
_PATIENCE = 60.0


def _place() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def dump(file: Path) -> rows.Tables:
    """Writes the database to the file as it is at one moment, and returns what stands in it.

    The portal goes on reading and writing: SQLite copies what it has committed when the copy begins.
    Raises Trouble when there is no database or the copy is damaged.
    """
    if not Path(_place()).is_file():
        raise Trouble("There is no database yet. Start the portal once.")
    with closing(sqlite3.connect(_place(), timeout=_PATIENCE)) as source, closing(sqlite3.connect(file)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
        return _checked(copy)


def check(file: Path) -> rows.Tables:
    """What stands in a copy. Raises Trouble when it is damaged."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as copy:
        return _checked(copy)


def _checked(copy: sqlite3.Connection) -> rows.Tables:
    try:
        (result,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        result = str(error)
    if result != "ok":
        raise Trouble(f"The copy of the database is damaged: {result}.")
    return rows.of_sqlite(copy)


def has_content() -> bool:
    """Whether there is anything in the database that a restore would replace."""
    return Path(_place()).is_file() and "django_migrations" in connection.introspection.table_names()


def load(file: Path) -> None:
    """Puts the copy in the place of the database, in one transaction: others see all of it or nothing.

    `kill -9` at any moment leaves the one or the other. Raises Trouble when somebody else keeps the database locked.
    """
    _move_version(file)
    connection.close()
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(_place(), timeout=_PATIENCE)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        try:
            source.backup(database)
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            raise Trouble(f"The database could not be replaced ({error}). Stop the portal and try again.") from None


def _move_version(file: Path) -> None:
    """No process shows pages from before the restore: the content has another version than ever."""
    with closing(sqlite3.connect(file)) as copy, copy:
        copy.execute("UPDATE pagecache_contentversion SET number = ?", [secrets.randbits(62)])


@contextmanager
def scratch(file: Path) -> Iterator[str]:
    """The address of a database with what is in the copy, for migrating it: the copy itself."""
    yield f"sqlite:///{file}"
