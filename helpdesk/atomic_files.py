"""Atomic file writes: a file has its name only when it is complete and on the disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def atomic_writer(path: Path, *, mode: int, overwrite: bool = True) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` at the end of the block, or leaves no trace after an error.

    It survives a power cut afterwards: file and directory are synced. Raises FileExistsError where another process
    was first and `overwrite` is off.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        if overwrite:
            os.replace(draft, path)
        else:
            os.link(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    if not overwrite:
        os.unlink(draft)
    sync_directory(path.parent)


def atomic_write(path: Path, data: bytes, *, mode: int, overwrite: bool = True) -> None:
    """Write a whole file at once; see `atomic_writer`."""
    with atomic_writer(path, mode=mode, overwrite=overwrite) as file:
        file.write(data)


def sync_directory(path: Path) -> None:
    """Wait until the names in the directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
