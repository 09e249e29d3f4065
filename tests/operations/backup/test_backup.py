"""Backups while visitors write, and what a restore takes and refuses."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operations.backup.drill import Place, drill, manage, manifest_of
from tests.serving import bring_first_start
from tests.survival import killing
from tests.survival.places import own_database

pytestmark = pytest.mark.database

PICTURE = "0f0f0f0f0f0f0f0f0f0f-400x300.webp"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A portal with the first content that does not serve."""
    with own_database(filled=True) as database:
        place = Place(tmp_path_factory.mktemp("portal"), database)
        bring_first_start(place.folder)
        yield place


@pytest.fixture(scope="module")
def backup(place: Place) -> Path:
    return Path(place.must("backup").splitlines()[0])


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    with own_database() as database:
        yield Place(tmp_path / "empty", database)


def test_backup_while_visitors_write_comes_back_row_by_row(serving_portal: killing.Supervisor, empty: Place) -> None:
    serving_portal.wait_until_all_are_well()
    done = drill(serving_portal, empty.folder, empty.database, posts=40)
    assert done.wrong == []
    assert done.written_before >= 20
    assert done.written_in_all > done.written_before


def test_restored_portal_is_the_same_and_shows_no_page_of_before(place: Place, backup: Path) -> None:
    rows, version = place.rows(), place.version()
    place.execute("UPDATE guides_guide SET title = 'Changed afterwards'")
    assert place.rows() != rows
    said = place.must("restore", "--replace", backup)
    assert "The previous data is in: " in said
    assert place.rows() == rows
    assert place.version() != version
    before = Path(said.splitlines()[-1].partition(": ")[2])
    place.must("restore", "--replace", before)
    assert "Changed afterwards" in str(place.rows()["guides_guide"])
    place.must("restore", "--replace", backup)


def test_content_is_not_replaced_unasked(place: Place, backup: Path) -> None:
    rows = place.rows()
    assert place.manage("restore", backup) == (
        1,
        "CommandError: The portal has content. With --replace, it's backed up first, then replaced.\n",
    )
    assert place.rows() == rows


def test_pictures_come_back(place: Place, empty: Place, tmp_path: Path) -> None:
    media = place.folder / "media"
    media.mkdir(exist_ok=True)
    (media / PICTURE).write_bytes(b"dots")
    (media / ".upload-x").write_bytes(b"half a picture")
    file = place.must("backup", "--to", tmp_path / "b").splitlines()[0]
    empty.must("restore", file)
    assert [(path.name, path.read_bytes()) for path in (empty.folder / "media").iterdir()] == [(PICTURE, b"dots")]


def test_damaged_file_is_refused_and_changes_nothing(place: Place, backup: Path, tmp_path: Path) -> None:
    rows = place.rows()
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(backup.read_bytes()[:20_000])
    status, answer = place.manage("restore", "--replace", damaged)
    assert (status, answer[:46]) == (1, "CommandError: The file isn't a complete backup")
    assert place.rows() == rows
    assert not list(place.folder.glob(".restore-*"))


def test_backup_of_the_other_kind_of_database_or_of_a_newer_version_is_refused(
    place: Place, backup: Path, tmp_path: Path
) -> None:
    other = "sqlite" if place.database else "postgresql"
    text = repacked(backup, tmp_path / "kind.gz", {"database": other})
    assert f"The backup is of {other}, and the portal runs on" in place.manage("restore", "--verify", text)[1]
    newer = [*manifest_of(backup)["migrations"], "guides.9999_later"]
    text = repacked(backup, tmp_path / "newer.gz", {"migrations": newer})
    assert "made by a newer version of the portal (guides.9999_later)" in place.manage("restore", "--verify", text)[1]


def test_rows_that_are_others_than_the_list_says_are_found(place: Place, backup: Path, tmp_path: Path) -> None:
    tables = manifest_of(backup)["tables"] | {"guides_guide": [2, "0" * 16]}
    text = repacked(backup, tmp_path / "rows.gz", {"tables": tables})
    assert place.manage("restore", "--verify", text) == (
        1,
        "CommandError: The backup is damaged: guides_guide has different rows than when it was made.\n",
    )


def repacked(backup: Path, place: Path, changes: dict[str, Any]) -> Path:
    """The backup, with a list of contents that says something else."""
    with tarfile.open(backup) as old, tarfile.open(place, "w:gz") as new:
        for entry in old:
            stream = old.extractfile(entry)
            assert stream is not None
            content = stream.read()
            if entry.name == "manifest.json":
                content = json.dumps(json.loads(content) | changes).encode()
                entry.size = len(content)
            new.addfile(entry, io.BytesIO(content))
    return place


def test_newest_backups_are_kept_and_other_files_left_alone(place: Place, tmp_path: Path) -> None:
    for name in ("portal-20200101T000000Z-sqlite.tar.gz", "portal-20210101T000000Z-postgresql.tar.gz", "mine.tar.gz"):
        (tmp_path / name).write_text("")
    (tmp_path / ".portal-20220101T000000Z-sqlite.tar.gz.part").write_text("of one that was killed")
    made = [Path(place.must("backup", "--to", tmp_path, "--keep", "2").splitlines()[0]).name for _ in range(2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".lock", "mine.tar.gz", *made])
    assert {(path.stat().st_mode & 0o777) for path in tmp_path.glob("portal-*")} == {0o600}


def test_full_disk_leaves_nothing_and_removes_nothing(place: Place, backup: Path) -> None:
    there = {path.name for path in backup.parent.iterdir()}
    for bytes_ in (30_000, 100):
        done = manage(place.folder, place.database, "backup", "--keep", "1", largest_file=bytes_)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert done.stderr.startswith("CommandError: ")
        assert {path.name for path in backup.parent.iterdir()} == there


def test_folder_that_cannot_be_written_is_named_in_one_line(place: Place) -> None:
    status, answer = place.manage("backup", "--to", "/proc/nowhere")
    assert (status, answer) == (
        1,
        "CommandError: No backup was made, and nothing was removed: No such file or directory.\n",
    )
