"""Atomic file writes: whole files or none, whatever stands in the way."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE

import pytest

from helpdesk.atomic_files import atomic_write, atomic_writer


def test_file_has_its_name_once_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with atomic_writer(path, mode=0o640) as file:
        file.write(b"new")
        assert path.read_bytes() == b"old"
    assert [(entry.name, entry.read_bytes(), S_IMODE(entry.stat().st_mode)) for entry in tmp_path.iterdir()] == [
        ("file", b"new", 0o640)
    ]


def test_file_that_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> None:
        with atomic_writer(tmp_path / "b.tar.gz", mode=0o600) as stream:
            stream.write(b"half")
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_file_of_another_process_stays_where_it_was_first(tmp_path: Path) -> None:
    atomic_write(tmp_path / "key", b"first", mode=0o600, overwrite=False)
    with pytest.raises(FileExistsError):
        atomic_write(tmp_path / "key", b"second", mode=0o600, overwrite=False)
    assert [(entry.name, entry.read_bytes()) for entry in tmp_path.iterdir()] == [("key", b"first")]
