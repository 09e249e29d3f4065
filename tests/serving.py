"""The portal as operators run it: `manage.py start` in a process, a folder and at a port of its own."""

from __future__ import annotations

import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tests.prepared import DATABASE, FIRST_START, PROJECT, copy_sqlite, free_port, prepare_once

SECONDS_TO_START = 300  # on a very busy machine; a process that has ended is not waited for


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
