"""Row counts and checksums of all tables, by which a restored database is compared with the original."""

from __future__ import annotations

import sqlite3
from hashlib import blake2b
from typing import NamedTuple

import psycopg
from psycopg import sql

_MODULUS = 2**64


class TableSum(NamedTuple):
    """The number of rows, and a checksum of them that does not depend on their order."""

    rows: int
    sum: str


TableSums = dict[str, TableSum]


def of_sqlite(connection: sqlite3.Connection) -> TableSums:
    """Return the sums of every table, those of the search index included. Reads all rows once."""
    names = connection.execute(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return {name: _of_sqlite_table(connection, name) for (name,) in names.fetchall()}


def _of_sqlite_table(connection: sqlite3.Connection, name: str) -> TableSum:
    quoted = '"' + name.replace('"', '""') + '"'
    rows = total = 0
    for row in connection.execute(f"SELECT * FROM {quoted}"):  # noqa: S608 - a name from the database itself, quoted
        rows += 1
        total += int.from_bytes(blake2b(repr(row).encode(), digest_size=8).digest(), "big")
    return TableSum(rows, f"{total % _MODULUS:016x}")


def of_postgresql(connection: psycopg.Connection) -> TableSums:
    """Return the sums of every table of the portal's schema. The server reads all rows once."""
    names = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    ).fetchall()
    return {name: _of_postgresql_table(connection, name) for (name,) in names}


def _of_postgresql_table(connection: psycopg.Connection, name: str) -> TableSum:
    statement = sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t")
    rows, total = connection.execute(statement.format(sql.Identifier(name))).fetchall()[0]
    return TableSum(rows, f"{int(total) % _MODULUS:016x}")


def differences(expected: TableSums, found: TableSums) -> list[str]:
    """Return the names of the tables that differ, sorted."""
    return sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
