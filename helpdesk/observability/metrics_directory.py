"""The directory in which the processes of one portal store their Prometheus metrics.

It is in memory: a process that writes its counters to a disk must not fail because the disk is full.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# prometheus_client reads this variable when it is imported.
DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_MEMORY = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
_PREFIX = "portal-metrics-"


def make() -> Path:
    """Make the directory, name it in the environment, and remove those of portals that were killed."""
    parent = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    _remove_orphans(parent)
    directory = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=parent))
    os.environ[DIRECTORY_VARIABLE] = str(directory)
    atexit.register(_remove, directory, os.getpid())
    return directory


def _remove_orphans(parent: Path) -> None:
    for directory in parent.glob(f"{_PREFIX}*"):
        owner = directory.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path(f"/proc/{owner}").exists() and directory.stat().st_uid == os.getuid():
            shutil.rmtree(directory, ignore_errors=True)


def _remove(directory: Path, owner: int) -> None:
    if os.getpid() == owner:  # not at the end of a forked process
        shutil.rmtree(directory, ignore_errors=True)
