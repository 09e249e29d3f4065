"""A Redis of our own at a port, gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from tests.provide import packages


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    """Runs redis-server, installed if need be, and kills it afterwards.

    Raises RuntimeError where it cannot be had or does not start.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None and packages.install("redis-server"):
        program = shutil.which("redis-server")
    if program is None:
        raise RuntimeError("redis-server is not on this machine (Debian: apt install redis-server)")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port)
        yield
    finally:
        process.kill()
        process.wait()


def _wait(port: int) -> None:
    with Redis(port=port) as client:
        for _ in range(100):
            try:
                client.ping()
                return
            except NoConnection:
                time.sleep(0.05)
    raise RuntimeError("Redis did not start")
