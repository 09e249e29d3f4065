"""A database of its own for a real server: beside the one the tests run on, and gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql


@contextmanager
def own_database() -> Iterator[str]:
    """The address of an empty database where the tests run on PostgreSQL, else an empty text: SQLite in DATA_DIR."""
    given = os.environ.get("DATABASE_URL", "")
    if not given:
        yield ""
        return
    name = sql.Identifier(f"survival_{secrets.token_hex(6)}")
    server = given.rpartition("/")[0]
    with psycopg.connect(
        f"{server}/postgres".replace("postgres://", "postgresql://", 1), autocommit=True
    ) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield f"{server}/{name.as_string().strip(chr(34))}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
