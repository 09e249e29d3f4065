"""A database of its own for a real server: beside the one the tests run on, and gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from zlib import crc32

import psycopg
from psycopg import sql

from tests.serving import prepare_once, shared_folder


@contextmanager
def own_database(*, filled: bool = False) -> Iterator[str]:
    """The address of an empty database where the tests run on PostgreSQL, else an empty text: SQLite in DATA_DIR.

    With `filled` it has the tables and the first content, as after a first start.
    """
    given = os.environ.get("DATABASE_URL", "")
    if not given:
        yield ""
        return
    server = given.rpartition("/")[0]
    name = f"survival_{secrets.token_hex(6)}"
    template = sql.Identifier(_template(server) if filled else "template1")
    with _administered(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def _template(server: str) -> str:
    """The name of a database as a first start leaves it; made once for a run of the tests, since that takes longest."""
    # One for each run, where several use one server.
    name = f"first_start_{crc32(shared_folder().encode()):x}"

    def make() -> str:
        with _administered(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return f"{server}/{name}"

    prepare_once("database", make)
    return name


def _administered(server: str) -> psycopg.Connection:
    return psycopg.connect(f"{server}/postgres".replace("postgres://", "postgresql://", 1), autocommit=True)
