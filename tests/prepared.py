"""What takes long to make, made once: a portal's first start for a run of the tests, empty tables for many runs.

To migrate an empty database takes longer than most runs of a few tests. What it makes depends on the code and the
libraries alone, so it is kept beside them, in the environment, under their hash.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = "portal.sqlite3"

TABLES = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
FIRST_START = "from helpdesk.management.commands.start import Command; Command().prepare()"

KEPT = Path(sys.prefix) / "prepared"
# Some branches and versions of the code; the longest unused goes first.
HOW_MANY = 12


def tables() -> Path:
    """Return the file of such a database, to be copied."""
    kept = KEPT / f"{fingerprint()}.sqlite3"
    if kept.exists():
        os.utime(kept)
        return kept
    made = prepare_once("tables", TABLES) / DATABASE
    if not os.access(sys.prefix, os.W_OK):
        return made
    KEPT.mkdir(exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}")
    copy_sqlite(made, unfinished)
    unfinished.replace(kept)
    for old in sorted(KEPT.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-HOW_MANY]:
        old.unlink(missing_ok=True)
    return kept


@cache
def fingerprint() -> str:
    """Return the hash of all that a migrated database depends on."""
    whole = hashlib.sha256(f"{TABLES} {sys.version} {sqlite3.sqlite_version}".encode())
    locks = PROJECT.glob("requirements*.lock")
    for path in sorted([*(PROJECT / "helpdesk").rglob("*.py"), *locks]):
        whole.update(f"{path.relative_to(PROJECT)} {path.stat().st_size}\n".encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()[:32]


def prepare_once(
    name: str, code: str, make_database: Callable[[], str] = lambda: "", *, with_tables: bool = False
) -> Path:
    """Runs the code in a portal of its own, once for a run of the tests; returns its folder, for all processes.

    `make_database` returns the address of its database; an empty one is SQLite in the folder, with the tables there
    already if asked for.
    """
    folder = Path(shared_folder()) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            variables = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "PORT": str(free_port())}
            if database := make_database():
                variables |= {"DATABASE_URL": database, "DATABASE_MAY_FORGET": "1"}
            elif with_tables:
                copy_sqlite(tables(), folder / DATABASE)
            command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
            subprocess.run(command, cwd=PROJECT, env=variables, check=True, stdout=subprocess.DEVNULL)
            (folder / "done").touch()
    return folder


def copy_sqlite(source: Path, target: Path) -> None:
    """Copies a database as SQLite does, with what its journal holds."""
    with closing(sqlite3.connect(source)) as made, closing(sqlite3.connect(target)) as copy:
        made.backup(copy)


def shared_folder() -> str:
    """The folder that all processes of a run of the tests share."""
    return os.environ.get("PORTAL_TESTS_SHARED") or _own_folder()


@cache
def _own_folder() -> str:
    folder = tempfile.mkdtemp(prefix="portal-first-start-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
