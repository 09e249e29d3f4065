"""A PostgreSQL of our own for one run of the tests: in a temporary folder, on a private socket, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from tests.provide import packages

# The tests' data need not survive anything, so nothing waits for a disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


def find_programs() -> Path | None:
    """The folder with PostgreSQL's server programs, of the newest version where there are several."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = sorted(versions, key=lambda path: float(path.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        found.append(Path(on_path).resolve())
    return found[0].parent if found else None


def provide() -> Path | None:
    """The folder with the server programs, installed if need be; None where they cannot be had."""
    programs = find_programs()
    if programs is None and packages.install("postgresql"):
        programs = find_programs()
    return programs


def _as_somebody_else() -> dict[str, Any]:
    """How to run a program as a user who is not root, which PostgreSQL refuses to run as."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


@contextmanager
def running(programs: Path, settings: Sequence[str] = CARELESS) -> Iterator[str]:
    """Runs a server, yields the address of its database, and leaves nothing behind.

    With no `settings` it keeps what it has acknowledged, as PostgreSQL does by default.
    """
    # Not the folder TMPDIR names: the path of a socket may have no more than 107 characters, and no capitals here.
    folder = Path(tempfile.mkdtemp(prefix="portal-pg-", dir="/tmp"))
    account = _as_somebody_else()
    process = None
    try:
        if account:
            os.chown(folder, account["user"], account["group"])
        # A session of its own: Ctrl-C is for the tests, and they still need the database to clean up.
        surroundings: dict[str, Any] = account | {"cwd": folder, "start_new_session": True}
        surroundings["env"] = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        initdb = [programs / "initdb", "-D", folder / "data", "-U", "portal", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **surroundings)
        options = [f"unix_socket_directories={folder}", "listen_addresses=", *settings]
        command = [programs / "postgres", "-D", folder / "data", *(f"--{option}" for option in options)]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, **surroundings)
        _wait(folder, process)
        yield f"postgres://portal@{quote(str(folder), safe='')}/postgres"
    finally:
        if process is not None:
            process.send_signal(2)  # "fast": ends open connections
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    """Returns when the server answers; raises RuntimeError with its log when it does not within a minute."""
    for _ in range(600):
        try:
            psycopg.connect(host=str(folder), user="portal", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
