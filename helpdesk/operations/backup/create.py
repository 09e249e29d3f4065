"""Backups: the database as it is at one moment and all pictures, while the portal goes on."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from helpdesk.atomic_files import atomic_writer
from helpdesk.operations.backup import archive, postgresql, sqlite
from helpdesk.operations.backup.errors import Trouble
from helpdesk.text import image_urls


def engine() -> Any:
    """How the database that the portal uses is copied and put back."""
    return postgresql if connection.vendor == "postgresql" else sqlite


@dataclass(frozen=True)
class Backup:
    """A backup that was made, and those that were removed to keep no more than asked for."""

    file: Path
    manifest: archive.Manifest
    removed: list[Path]


def make(folder: Path, keep: int | None = None) -> Backup:
    """Makes a backup in the folder, and then removes all but the newest `keep` there.

    Takes as long as reading the database twice. Raises Trouble, and OSError when the disk is full; then nothing new is
    in the folder, and nothing was removed.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_in(folder), tempfile.TemporaryDirectory(prefix=".copy-", dir=folder) as scratch:
        file = _free_name(folder)
        manifest = _write(file, Path(scratch))
        removed = rotate(folder, keep) if keep is not None else []
    return Backup(file, manifest, removed)


def _free_name(folder: Path) -> Path:
    """The name for now; two backups in one second get one each."""
    while (file := folder / archive.name_for(datetime.now(UTC), engine().KIND)).exists():
        pass
    return file


def _write(file: Path, scratch: Path) -> archive.Manifest:
    with atomic_writer(file, mode=0o600) as stream:
        writer = archive.Writer(stream)
        # Before and after: what is deleted after the moment of the copy is there from before, what came just before it
        # from after. A picture's file never changes.
        _add_pictures(writer)
        copy = scratch / archive.DATABASE
        tables = engine().dump(copy)
        writer.add(archive.DATABASE, copy)
        _add_pictures(writer)
        manifest = archive.Manifest(
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database=engine().KIND,
            migrations=applied_migrations(),
            tables=tables,
        )
        writer.close(manifest)
    return manifest


def _add_pictures(writer: archive.Writer) -> None:
    for path in sorted(settings.MEDIA_ROOT.glob("*")):
        name = archive.PICTURES + path.name
        if name not in writer.parts and image_urls.named(path.name) is not None:
            try:
                writer.add(name, path)
            except FileNotFoundError:  # deleted by staff while we came to it
                continue


def applied_migrations() -> list[str]:
    """The names of the migrations the database has, in order."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def all_in(folder: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    return sorted(path for path in folder.glob("portal-*.tar.gz") if archive.NAME.fullmatch(path.name))


def made_at(backup: Path) -> datetime:
    """When it was made, by its name."""
    return datetime.strptime(backup.name.split("-")[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Removes all backups but the newest ones, and returns those it removed. Other files are left alone."""
    removed = all_in(folder)[: -max(keep, 1)]
    for path in removed:
        path.unlink()
    return removed


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Raises Trouble when another backup is being made there; clears away what one left that was killed."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble("Another backup is being made there.") from None
        for path in folder.glob(".portal-*.part"):
            path.unlink()
        for path in folder.glob(".copy-*"):
            shutil.rmtree(path, ignore_errors=True)
        yield
