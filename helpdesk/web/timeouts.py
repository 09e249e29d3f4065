"""Short waits for SQLite's one writer, writes that may fail, and warnings that do not repeat."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from django.db import Error as DatabaseError
from django.db import connection, transaction

logger = logging.getLogger(__name__)

# Milliseconds. The settings say how long a writer waits that must not fail.
LOCK_TIMEOUT = 500

# What anybody may post waits so long; then it comes back to be sent again (operations/outage.py). With a longer wait, a
# few posts would occupy every thread and block readers.
LOCK_TIMEOUT_OF_POSTS = 2_000

# The same warning is not logged again within this time.
SECONDS_BETWEEN_WARNINGS = 60


@contextmanager
def short_lock_timeout(milliseconds: int = LOCK_TIMEOUT) -> Iterator[None]:
    """Give up what another writer locks for longer: SQLite's database, a row or a table of PostgreSQL's."""
    connection.ensure_connection()
    usual = _lock_timeout()
    _set_lock_timeout(str(milliseconds))
    try:
        yield
    finally:
        # A connection that was lost, or a transaction that failed, takes the setting along.
        with suppress(DatabaseError):
            _set_lock_timeout(usual)


# Past Django's cursors, so that these statements are none of a page's queries.
def _lock_timeout() -> str:
    is_sqlite = connection.vendor == "sqlite"
    with connection.wrap_database_errors:
        return str(
            connection.connection.execute("PRAGMA busy_timeout" if is_sqlite else "SHOW lock_timeout").fetchone()[0]
        )


def _set_lock_timeout(timeout: str) -> None:
    if connection.connection is None:
        return
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            connection.connection.execute(f"PRAGMA busy_timeout = {int(timeout)}")
        else:
            connection.connection.execute("SELECT set_config('lock_timeout', %s, false)", [timeout])


_logged_at: dict[str, float] = {}


def log_throttled(log: logging.Logger, message: str, error: BaseException) -> None:
    """Log once a minute what an outage makes of every request."""
    now = monotonic()
    if now - _logged_at.get(message, -SECONDS_BETWEEN_WARNINGS) >= SECONDS_BETWEEN_WARNINGS:
        _logged_at[message] = now
        log.warning("%s: %s", message, _first_line(error))


def best_effort(message: str, write: Callable[[], None], *, lock_timeout: int = 0) -> None:
    """Write what is not worth an error page: when it fails or the database is busy, it is given up and logged.

    With a `lock_timeout` of its own, in milliseconds, it does not wait longer for a lock of PostgreSQL either; call it
    outside a transaction then. Earlier writes of the same transaction stay.
    """
    try:
        with short_lock_timeout(lock_timeout or LOCK_TIMEOUT), transaction.atomic():
            if lock_timeout and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(lock_timeout)])
            write()
    except Exception as error:  # each kind of database and cache has errors of its own
        logger.warning("%s: %s", message, _first_line(error))


def _first_line(error: BaseException) -> str:
    """Return the kind of an error and its first line: later lines may repeat the row."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
