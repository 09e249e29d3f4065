"""Copy and replacement of a PostgreSQL database by `pg_dump`, `pg_restore` and `psql`."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from django.db import connection
from django.utils.translation import gettext
from psycopg import sql
from psycopg.conninfo import make_conninfo

from helpdesk.operations.backup import row_sums
from helpdesk.operations.backup.backup_errors import BackupError

KIND = "postgresql"
_ON_DEBIAN = Path("/usr/lib/postgresql")
# Lines of a dump's list of contents. The schema is made by us, and comments on extensions are for their owner to make.
_OF_THE_SCHEMA = re.compile(r" (?:SCHEMA - public|COMMENT - (?:SCHEMA public|EXTENSION \w+)|ACL - SCHEMA public)\b")


def _parameters(**changes: str) -> dict[str, str]:
    """Return the connection parameters of the portal's database, as libpq names them."""
    names = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    given = connection.get_connection_params()
    return {name: str(value) for name, value in given.items() if name in names and value not in (None, "")} | changes


def _connect(**changes: str) -> psycopg.Connection:
    return psycopg.connect(make_conninfo(**_parameters(**changes)), autocommit=True)


def program(name: str) -> str:
    """Return the path of the newest version of a PostgreSQL program. Raises BackupError when it isn't installed."""
    versions = sorted(_ON_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(re.sub(r"\D", "", path.parts[-3]) or 0))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise BackupError(
            gettext("%(name)s isn't installed. On Debian and Ubuntu: apt install postgresql-client") % {"name": name}
        )
    return found


def _run(name: str, *arguments: str | Path, failure: str, environ: Mapping[str, str] = os.environ) -> str:
    """Run a program and return its output. Raises BackupError, which begins with `failure`."""
    done = subprocess.run(  # noqa: S603 - one of the programs above
        [program(name), *map(str, arguments)], env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if done.returncode:
        reason = done.stderr.strip().partition("\n")[0] or gettext("no reason given")
        raise BackupError(f"{failure}: {reason}")
    return done.stdout


def _run_on_database(name: str, *arguments: str | Path, **changes: str) -> None:
    """Run a program on the portal's database, with the password in the environment, which other users cannot read."""
    parameters = _parameters(**changes)
    environ = os.environ | ({"PGPASSWORD": parameters.pop("password")} if "password" in parameters else {})
    _run(name, f"--dbname={make_conninfo(**parameters)}", *arguments, failure=f"{name} says", environ=environ)


def dump(file: Path) -> row_sums.TableSums:
    """Dump the database as it is at one moment; return the sums of its tables at that moment.

    Raises BackupError when the program is missing, older than the server, or cannot connect.
    """
    with _connect() as database, database.transaction():
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = database.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        _run_on_database(
            "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={file}"
        )
        return row_sums.of_postgresql(database)


def check(file: Path) -> row_sums.TableSums:
    """Load a dump into a database of its own, and return the sums of its tables.

    Raises BackupError when it is damaged, or when the portal's user may not create databases.
    """
    name = f"portal_check_{secrets.token_hex(6)}"
    with _connect() as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupError(
                gettext(
                    "To check a backup row by row, the portal's user has to be allowed to create a database (CREATEDB)."
                )
            ) from None
        try:
            _run_on_database(
                "pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", file, dbname=name
            )
            with _connect(dbname=name) as database:
                return row_sums.of_postgresql(database)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def has_content() -> bool:
    """Return whether a restore would replace anything."""
    with _connect() as database:
        found = database.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    return bool(found and found[0])


def load(file: Path) -> None:
    """Replace all tables with those of the dump, in one transaction; raises BackupError with everything as it was.

    The schema is created again, so that tables that a later version added are gone. The content gets a version it never
    had, so that no process serves cached pages from before the restore.
    """
    script = file.with_suffix(".sql")
    _write_script(file, script)
    with script.open("a") as more:
        more.write(f"\nUPDATE public.pagecache_contentversion SET number = {secrets.randbits(62)};\n")
    before = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    _run_on_database(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--command={before}",
        f"--file={script}",
    )  # fmt: skip


def _write_script(file: Path, script: Path) -> None:
    """Write the dump as SQL without statements on the schema itself. Raises BackupError when it is damaged."""
    damaged = "The copy of the database is damaged"
    contents = script.with_suffix(".list")
    entries = _run("pg_restore", "--list", file, failure=damaged).splitlines()
    contents.write_text("\n".join(entry for entry in entries if not _OF_THE_SCHEMA.search(entry)) + "\n")
    options = ("--no-owner", "--no-acl", f"--use-list={contents}", f"--file={script}")
    _run("pg_restore", *options, file, failure=damaged)
