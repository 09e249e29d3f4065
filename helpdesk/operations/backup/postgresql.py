"""PostgreSQL: its own programs, called so that one moment is kept, and one transaction puts it back."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from helpdesk.operations.backup import rows
from helpdesk.operations.backup.errors import Trouble

KIND = "postgresql"
_ON_DEBIAN = Path("/usr/lib/postgresql")
# Lines of a dump's contents. The schema is made by us, and remarks about extensions are for their owner to make.
_OF_THE_SCHEMA = re.compile(r" (?:SCHEMA - public|COMMENT - (?:SCHEMA public|EXTENSION \w+)|ACL - SCHEMA public)\b")


def _parameters() -> dict[str, Any]:
    """How to connect, as libpq names it."""
    database: Any = connections["default"]
    given = database.get_connection_params()
    known = psycopg.pq.Conninfo.get_defaults()
    names = {option.keyword.decode() for option in known}
    return {name: value for name, value in given.items() if name in names and value not in (None, "")}


def _connect(**changes: Any) -> psycopg.Connection[Any]:
    return psycopg.connect(make_conninfo(**(_parameters() | changes)), autocommit=True)


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs. Raises Trouble when it is not installed."""
    versions = sorted(_ON_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise Trouble(f"{name} is not installed. On Debian and Ubuntu: apt install postgresql-client")
    return found


def _run(name: str, *arguments: str | Path, **changes: Any) -> None:
    """Runs a program on our database. The password is in its environment, where other users do not see it."""
    parameters = _parameters() | changes
    environ = os.environ | ({"PGPASSWORD": parameters.pop("password")} if "password" in parameters else {})
    command = [program(name), f"--dbname={make_conninfo(**parameters)}", *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - one of the programs above
        command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise Trouble(f"{name} says: {done.stderr.strip().splitlines()[0] if done.stderr.strip() else 'nothing'}")


def dump(file: Path) -> rows.Tables:
    """Writes the database to the file as it is at one moment, and returns what stood in it at that moment.

    Raises Trouble when the program is missing, or older than the server, or cannot connect.
    """
    with _connect() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={file}")
        return rows.of_postgresql(connection)


def check(file: Path) -> rows.Tables:
    """What stands in a dump, loaded into a database of its own, which is gone afterwards.

    Raises Trouble when it is damaged, or when the portal's user may not make databases.
    """
    with scratch(file) as address:
        parameters = conninfo_to_dict(address)
        with _connect(dbname=parameters["dbname"]) as connection:
            return rows.of_postgresql(connection)


def has_content() -> bool:
    """Whether there is anything in the database that a restore would replace."""
    with _connect() as connection:
        found = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    return bool(found and found[0])


def load(file: Path) -> None:
    """Puts what is in the dump in the place of all tables, in one transaction: others see all of it or nothing.

    The schema is made anew, so that tables a later version added are gone too. Raises Trouble when it cannot be done;
    then everything is as it was.
    """
    script = file.with_suffix(".sql")
    _as_script(file, script)
    with script.open("a") as more:
        more.write(f"\nUPDATE public.pagecache_contentversion SET number = {secrets.randbits(62)};\n")
    before = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    try:
        _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--command={before}",
             f"--file={script}")  # fmt: skip
    finally:
        script.unlink(missing_ok=True)


def _as_script(file: Path, script: Path) -> None:
    """The dump as statements, but for those about the schema itself. Raises Trouble when it is damaged."""
    contents = script.with_suffix(".list")
    try:
        entries = _pg_restore("--list", file).splitlines()
        contents.write_text("\n".join(entry for entry in entries if not _OF_THE_SCHEMA.search(entry)) + "\n")
        _pg_restore("--no-owner", "--no-acl", f"--use-list={contents}", f"--file={script}", file)
    finally:
        contents.unlink(missing_ok=True)


def _pg_restore(*arguments: str | Path) -> str:
    """What pg_restore says when it does not connect to anything."""
    command = [program("pg_restore"), *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 - the same
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        raise Trouble(f"The copy of the database is damaged: {done.stderr.strip().partition(chr(10))[0]}")
    return done.stdout


@contextmanager
def scratch(file: Path) -> Iterator[str]:
    """How to connect to a database with what is in the dump, which is gone afterwards."""
    name = f"portal_check_{secrets.token_hex(6)}"
    with _connect() as connection:
        try:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise Trouble(
                "To check a backup row by row, the portal's user has to be allowed to make a database (CREATEDB)."
            ) from None
        try:
            _run("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", file, dbname=name)
            yield make_conninfo(dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
