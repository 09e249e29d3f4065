"""The portal as operators run it: `manage.py start` in a process, a folder and at a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 90


@contextmanager
def portal(**settings: str) -> Iterator[str]:
    """Serves the first content with production settings; yields the address, and leaves nothing behind."""
    with portal_and_folder(**settings) as (address, _):
        yield address


@contextmanager
def portal_by_https() -> Iterator[str]:
    """The same by https and HTTP/2, as visitors get it from behind a proxy; with a certificate nobody knows."""
    with portal_and_folder() as (_, folder), socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        probe.close()
        key, certificate = Path(folder, "key.pem"), Path(folder, "certificate.pem")
        make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
        subprocess.run([*make.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
        options = f"--interface wsgi --http auto --port {port} --ssl-keyfile {key} --ssl-certificate {certificate}"
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *options.split(), "helpdesk.wsgi:application"],
            cwd=PROJECT,
            env={"PATH": os.environ["PATH"], "DATA_DIR": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            address = f"https://127.0.0.1:{port}"
            _wait(address, process)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


@contextmanager
def portal_and_folder(**settings: str) -> Iterator[tuple[str, str]]:
    """As `portal`, with the folder of its data."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": str(port), "WEB_CONCURRENCY": "1"} | settings
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start"],
            cwd=PROJECT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, process)
            yield address, folder
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/readyz", timeout=5, context=ssl._create_unverified_context()).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the portal did not start")
