"""What a backup's file may hold, without a database."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from helpdesk.atomic_files import atomic_writer
from helpdesk.operations.backup import backup_file
from helpdesk.operations.backup.backup_errors import BackupError
from helpdesk.operations.backup.row_sums import TableSum

Part = tuple[tarfile.TarInfo, bytes]


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup with a database of 100 kB that nothing makes smaller, and a picture."""
    (tmp_path / "database").write_bytes(bytes(number * number % 251 for number in range(100_000)))
    (tmp_path / "x.webp").write_bytes(b"dots")
    file = tmp_path / "portal-20261125T090000Z-sqlite.tar.gz"
    with atomic_writer(file, mode=0o600) as stream:
        writer = backup_file.BackupWriter(stream)
        writer.add("media/x.webp", tmp_path / "x.webp")
        writer.add("database", tmp_path / "database")
        writer.close(
            backup_file.Manifest("2026-11-25T09:00:00+00:00", "sqlite", ["guides.0001"], {"t": TableSum(3, "0a")})
        )
    return file


def unpacked(file: Path) -> backup_file.Manifest:
    (folder := file.parent / "unpacked").mkdir()
    return backup_file.unpack(file, folder)


def test_backup_comes_back_with_its_parts(backup: Path, tmp_path: Path) -> None:
    manifest = unpacked(backup)
    assert (manifest.rows(), manifest.images(), manifest.migrations) == (3, ["x.webp"], ["guides.0001"])
    assert (tmp_path / "unpacked" / "database").read_bytes() == (tmp_path / "database").read_bytes()
    assert (tmp_path / "unpacked" / "media" / "x.webp").read_bytes() == b"dots"
    assert backup.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:400] + bytes(50) + content[450:],
        lambda content: b"not a backup at all",
        lambda content: b"",
    ],
    ids=["half", "scratched", "text", "empty"],
)
def test_damaged_file_is_refused(backup: Path, change: Callable[[bytes], bytes]) -> None:
    backup.write_bytes(change(backup.read_bytes()))
    with pytest.raises(BackupError, match=r"^The (file isn't|backup is damaged)"):
        unpacked(backup)


def repacked(backup: Path, *more: Part, without: str = "", wrong: str = "") -> Path:
    """The backup with parts more, without one, or with another content of one."""
    place = backup.with_name("other.tar.gz")
    with tarfile.open(backup) as old, tarfile.open(place, "w:gz") as new:
        for entry, content in more:
            new.addfile(entry, BytesIO(content))
        for entry in old:
            stream = old.extractfile(entry)
            assert stream is not None
            content = stream.read()
            if entry.name == wrong:
                content = bytes([content[0] ^ 1]) + content[1:]
            if entry.name != without:
                new.addfile(entry, BytesIO(content))
    return place


def part(name: str, content: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> Part:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(content), kind, link
    return info, content


@pytest.mark.parametrize(
    "more",
    [
        part("../outside"),
        part("/tmp/outside"),
        part("media/../../outside"),
        part("media/folder/x.webp"),
        part("media/.hidden"),
        part("secret_key"),
        part("media/link.webp", b"", tarfile.SYMTYPE, "/etc/passwd"),
        part("media/hard.webp", b"", tarfile.LNKTYPE, "database"),
        part("media/device.webp", b"", tarfile.CHRTYPE),
        part("media/y.webp"),
        part("media/a\nb.webp"),
        part("database"),
    ],
    ids=lambda more: more[0].name + more[0].type.decode(),
)
def test_what_no_backup_has_is_refused(backup: Path, more: Part) -> None:
    file = repacked(backup, more)
    with pytest.raises(BackupError):
        unpacked(file)
    assert not (backup.parent / "outside").exists()


@pytest.mark.parametrize("name", ["database", "media/x.webp"])
def test_part_that_is_missing_or_another_is_named(backup: Path, name: str) -> None:
    for number, change in enumerate(("wrong", "without")):
        file = repacked(backup, **{change: name})
        with pytest.raises(BackupError, match=rf"^The backup is damaged: {name} is different from what was backed up"):
            backup_file.unpack(file, file.with_name(f"unpacked-{number}"))


def test_file_without_its_list_is_not_whole(backup: Path) -> None:
    with pytest.raises(BackupError, match="its end is missing"):
        unpacked(repacked(backup, without="manifest.json"))


@pytest.mark.parametrize("text", [b"{}", b"[]", b"\xff", b'{"format": 1, "tables": 3}', b'{"format": 1, "tables": {}}'])
def test_list_that_cannot_be_read_is_refused(text: bytes) -> None:
    with pytest.raises(BackupError, match="its list of contents can't be read"):
        backup_file.parse_manifest(text)


def test_newer_form_of_a_backup_says_so() -> None:
    with pytest.raises(BackupError, match="Update the portal first"):
        backup_file.parse_manifest(b'{"format": 2}')
