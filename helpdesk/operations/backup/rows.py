"""What stands in a database, row by row, in a form that two databases can be compared in."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

_PLACES = 2**64


class Table(NamedTuple):
    """How many rows a table has, and a sum over all of them that does not depend on their order."""

    rows: int
    sum: str


Tables = dict[str, Table]


def of_sqlite(connection: sqlite3.Connection) -> Tables:
    """Every table by its name, those of the search index as the words in them; reads all rows once."""
    names = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return {name: _table_of_sqlite(connection, name) for (name,) in names.fetchall()}


def _table_of_sqlite(connection: sqlite3.Connection, name: str) -> Table:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = total = 0
    for row in connection.execute(f"SELECT * FROM {quoted}"):  # noqa: S608 - a name from the database itself, quoted
        rows += 1
        total += int.from_bytes(blake2b(repr(row).encode(), digest_size=8).digest(), "big")
    return Table(rows, f"{total % _PLACES:016x}")


def of_postgresql(connection: psycopg.Connection[Any]) -> Tables:
    """Every table of the schema that the portal uses, by its name; the server reads all rows once."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    ).fetchall()
    return {name: _table_of_postgresql(connection, name) for (name,) in names}


def _table_of_postgresql(connection: psycopg.Connection[Any], name: str) -> Table:
    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t")
    rows, total = connection.execute(statement.format(sql.Identifier(name))).fetchall()[0]
    return Table(rows, f"{int(total) % _PLACES:016x}")


def differences(expected: Tables, found: Tables) -> list[str]:
    """The names of the tables that are not the same in both, in order."""
    return sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
