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

from tests.prepared import FIRST_START, TABLES, prepare_once, shared_folder


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
    template = sql.Identifier(first_start() if filled else "template1")
    with _administered(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def first_start() -> str:
    """The name of a PostgreSQL database as after a first start."""
    return template_database("first_start", FIRST_START, template_database("tables", TABLES))


@cache
def template_database(name: str, code: str, template: str = "template1") -> str:
    """The name of a PostgreSQL database that the code filled, to be copied: once for a run of the tests.

    It begins as a copy of another one.
    """
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    # One for each run, where several use one server.
    name = f"{name}_{crc32(shared_folder().encode()):x}"

    def make() -> str:
        with _administered(server) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            names = map(sql.Identifier, (name, template))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        return f"{server}/{name}"

    prepare_once(name, code, make)
    return name


def _administered(server: str) -> psycopg.Connection:
    return psycopg.connect(f"{server}/postgres".replace("postgres://", "postgresql://", 1), autocommit=True)
