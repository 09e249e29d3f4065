"""The portal as operators run it: `manage.py start` in a process, a folder and at a port of its own."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 300  # on a very busy machine; a process that has ended is not waited for
DATABASE = "portal.sqlite3"


class Server:
    """A process that serves at an address; it can be stopped, and started again where it was."""

    # Where what it says goes.
    errors: IO[bytes] | int = subprocess.DEVNULL

    def __init__(self, folder: str, port: int, *arguments: str, scheme: str = "http") -> None:
        self.address = f"{scheme}://127.0.0.1:{port}"
        self.arguments = arguments
        self.environ = {"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": str(port), "WEB_CONCURRENCY": "1"}

    def start(self) -> None:
        """Returns when it is ready to serve; raises RuntimeError when it does not get there."""
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            cwd=PROJECT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
            start_new_session=True,
        )
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                anybody = ssl._create_unverified_context()  # our own certificate is known to nobody
                urllib.request.urlopen(f"{self.address}/readyz", timeout=5, context=anybody).close()
                return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError("the portal did not start")

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=SECONDS_TO_START)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def server(**variables: str) -> Iterator[Server]:
    """Serves the first content with production settings and these variables, and leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        bring_first_start(Path(folder))
        portal = Server(folder, free_port(), "manage.py", "start")
        portal.environ |= variables
        portal.start()
        try:
            yield portal
        finally:
            portal.stop()


def bring_first_start(folder: Path) -> None:
    """Puts into the folder what a first start makes: packed static files, and the first content in SQLite.

    That takes most of its time, so it is done once for a run of the tests. A database that is there stays.
    """
    shared = prepare_once("first-start", FIRST_START, with_tables=True)
    shutil.copytree(shared / "static", folder / "static")
    shutil.copy2(shared / "static_files", folder)
    if not (folder / DATABASE).exists():
        copy_sqlite(shared / DATABASE, folder / DATABASE)


TABLES = "from django.core.management import call_command; call_command('migrate', verbosity=0)"
FIRST_START = "from helpdesk.management.commands.start import Command; Command().prepare()"


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
                copy_sqlite(prepare_once("tables", TABLES) / DATABASE, folder / DATABASE)
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


@contextmanager
def portal() -> Iterator[str]:
    """The address of such a server."""
    with server() as running:
        yield running.address


@contextmanager
def server_by_https() -> Iterator[Server]:
    """The same by https and HTTP/2, as visitors get it from behind a proxy; with a certificate nobody knows."""
    with server() as prepared:
        folder = Path(prepared.environ["DATA_DIR"])
        key, certificate, port = folder / "key.pem", folder / "certificate.pem", free_port()
        make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
        options = f"--interface wsgi --http auto --port {port} --ssl-keyfile {key} --ssl-certificate {certificate}"
        portal = Server(
            str(folder), port, "-m", "granian", *options.split(), "helpdesk.wsgi:application", scheme="https"
        )
        portal.start()
        try:
            yield portal
        finally:
            # Granian by itself may not end after Ctrl-C; `manage.py start` sees to that. This one need not end well.
            os.killpg(portal.process.pid, signal.SIGKILL)
            portal.process.wait()
