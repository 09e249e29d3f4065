"""Where the processes of one portal keep what they count for Prometheus: a folder in memory, gone with the portal.

In memory, not on the disk: a process that counts in a file must not end because the disk is full.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# The library reads this when it is loaded.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_PREFIX = "portal-metrics-"


def make() -> Path:
    """Makes the folder, and removes those of portals that were killed."""
    above = _MEMORY if os.access(_MEMORY, os.W_OK) else Path(tempfile.gettempdir())
    sweep(above)
    folder = tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=above)
    os.environ[FOLDER_VARIABLE] = folder
    atexit.register(_remove, Path(folder), os.getpid())
    return Path(folder)


def sweep(above: Path) -> None:
    for folder in above.glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if not Path(f"/proc/{owner}").exists() and folder.stat().st_uid == os.getuid():
            shutil.rmtree(folder, ignore_errors=True)


def _remove(folder: Path, maker: int) -> None:
    """Not at the end of a process that branched off."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)
