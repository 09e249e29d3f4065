"""Takes from a running portal what it stands on, and gives it back."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

from tests.survival.killing import Supervisor


@contextmanager
def database_locked(portal: Supervisor) -> Iterator[None]:
    """Another program writes, to SQLite or to every table of PostgreSQL, and does not come to an end."""
    if portal.database:
        with psycopg.connect(portal.database.replace("postgres://", "postgresql://", 1)) as other:
            tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            names = sql.SQL(", ").join(sql.Identifier(name) for (name,) in tables)
            other.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(names))
            yield
            other.rollback()
        return
    with closing(sqlite3.connect(portal.folder / "portal.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def disk_full(portal: Supervisor) -> Iterator[None]:
    """No file of the portal's can grow."""
    usual = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in portal.workers()}
    for pid, (_, most) in usual.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, most))
    try:
        yield
    finally:
        for pid, limits in usual.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


@contextmanager
def database_gone(portal: Supervisor) -> Iterator[None]:
    """PostgreSQL ends all connections and takes none."""
    with _altered(portal, "ALLOW_CONNECTIONS false", "ALLOW_CONNECTIONS true"):
        yield


@contextmanager
def database_read_only(portal: Supervisor) -> Iterator[None]:
    """PostgreSQL takes connections, but they may only read."""
    on, off = "SET default_transaction_read_only = on", "RESET default_transaction_read_only"
    with _altered(portal, on, off):
        yield


@contextmanager
def _altered(portal: Supervisor, change: LiteralString, back: LiteralString) -> Iterator[None]:
    server, _, name = portal.database.replace("postgres://", "postgresql://", 1).rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as other:

        def alter(how: LiteralString) -> None:
            other.execute(sql.SQL("ALTER DATABASE {} " + how).format(sql.Identifier(name)))
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

        alter(change)
        try:
            yield
        finally:
            alter(back)
