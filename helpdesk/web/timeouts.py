"""How long what a visitor waits for may itself wait for SQLite's one writer, and what is not worth an error."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import connection, transaction

logger = logging.getLogger(__name__)

# Milliseconds. The settings say how long a writer waits that must not fail.
PATIENCE = 500

# So long the same complaint is not repeated.
SECONDS_OF_SILENCE = 60


@contextmanager
def impatient(patience: int = PATIENCE) -> Iterator[None]:
    """What is written here is given up when another writer keeps the database for longer than a moment."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    (usual,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {patience}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {usual}")


_complained: dict[str, float] = {}


def complain(log: logging.Logger, complaint: str, error: BaseException) -> None:
    """Logs what an outage makes of every request, once a minute: its first line, since more may repeat a row."""
    now = monotonic()
    if now - _complained.get(complaint, -SECONDS_OF_SILENCE) >= SECONDS_OF_SILENCE:
        _complained[complaint] = now
        log.warning("%s: %s: %s", complaint, type(error).__name__, str(error).partition("\n")[0])


def in_passing(complaint: str, write: Callable[[], None], *, patience: int = 0) -> None:
    """Writes what is not worth an error page: when it fails or the database is busy, it is given up and logged.

    With a `patience` of its own, in milliseconds, it does not wait longer for a lock of PostgreSQL's either; to be
    called outside a transaction then. What was written before, in the same transaction, stays.
    """
    try:
        with impatient(patience or PATIENCE), transaction.atomic():
            if patience and connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [str(patience)])
            write()
    except Exception as error:  # each kind of database and cache has errors of its own
        # Its first line: what comes after may repeat the row.
        logger.warning("%s: %s: %s", complaint, type(error).__name__, str(error).partition("\n")[0])
