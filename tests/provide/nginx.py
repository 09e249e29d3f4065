"""An nginx of our own, without root, gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.provide import packages

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def program() -> str:
    """The path of nginx, installed if need be; raises RuntimeError where it cannot be had."""
    # Debian keeps it where only root looks.
    path = f"{os.environ['PATH']}:/usr/sbin"
    found = shutil.which("nginx", path=path)
    if found is None and packages.install("nginx-light"):
        found = shutil.which("nginx", path=path)
    if found is None:
        raise RuntimeError("nginx is not on this machine (Debian: apt install nginx-light)")
    return found


def whole(folder: Path, servers: str) -> str:
    """A whole configuration, all of it in this folder, around what stands at the level of http."""
    lines = ["daemon off;", "worker_processes 1;", f"pid {folder}/pid;", f"error_log {folder}/log;"]
    if os.geteuid() == 0:
        lines.append(f"user {getpass.getuser()};")  # else it would change to a user who may not write here
    inner = ["access_log off;", *(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)]
    return "\n".join([*lines, "events { worker_connections 1024; }", "http {", *inner, servers, "}\n"])


@contextmanager
def running(folder: Path, servers: str) -> Iterator[None]:
    """Runs nginx with these servers; whether it answers yet is for the caller to see."""
    file = folder / "nginx.conf"
    file.write_text(whole(folder, servers))
    command = [program(), "-p", str(folder), "-e", str(folder / "log"), "-c", str(file)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
