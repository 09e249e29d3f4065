"""How long what a visitor waits for may itself wait for SQLite's one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# Milliseconds. The settings say how long a writer waits that must not fail.
PATIENCE = 500


@contextmanager
def impatient() -> Iterator[None]:
    """What is written here is given up when another writer keeps the database for longer than a moment."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    database = connection.connection
    (patience,) = database.execute("PRAGMA busy_timeout").fetchone()
    database.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {patience}")
