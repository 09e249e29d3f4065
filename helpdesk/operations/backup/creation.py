"""Creation and rotation of backups: the database as it is at one moment, and all images, while the portal goes on."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext

from helpdesk.atomic_files import atomic_writer
from helpdesk.operations.backup import backup_file, postgresql_backup, sqlite_backup
from helpdesk.operations.backup.backup_errors import BackupError
from helpdesk.operations.backup.row_sums import TableSums
from helpdesk.text import image_urls


class DatabaseCopier(Protocol):
    """The functions of the modules for SQLite and PostgreSQL."""

    KIND: str

    def dump(self, file: Path) -> TableSums: ...
    def check(self, file: Path) -> TableSums: ...
    def has_content(self) -> bool: ...
    def load(self, file: Path) -> None: ...


def copier() -> DatabaseCopier:
    """Return the module that copies and replaces the portal's database."""
    return postgresql_backup if connection.vendor == "postgresql" else sqlite_backup


@dataclass(frozen=True)
class Backup:
    """A new backup, and the files that were removed to keep no more than asked for."""

    file: Path
    manifest: backup_file.Manifest
    removed: list[Path]


def make(directory: Path, keep: int | None = None) -> Backup:
    """Make a backup in the directory, and then remove all but the newest `keep` there. Reads the database twice.

    Raises BackupError, and OSError when the disk is full; then nothing was added or removed.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock(directory), tempfile.TemporaryDirectory(prefix=".copy-", dir=directory) as scratch:
        file = _free_name(directory)
        manifest = _write(file, Path(scratch) / backup_file.DATABASE)
        removed = rotate(directory, keep) if keep is not None else []
    return Backup(file, manifest, removed)


def _free_name(directory: Path) -> Path:
    """Return the name for now; two backups in one second get one each."""
    while (file := directory / backup_file.name_for(datetime.now(UTC), copier().KIND)).exists():
        pass
    return file


def _write(file: Path, copy: Path) -> backup_file.Manifest:
    with atomic_writer(file, mode=0o600) as stream:
        writer = backup_file.BackupWriter(stream)
        # Images before and after: one that is deleted after the moment of the copy is added before, one that came just
        # before that moment is added after. The file of an image never changes.
        _add_images(writer)
        tables = copier().dump(copy)
        writer.add(backup_file.DATABASE, copy)
        _add_images(writer)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = backup_file.Manifest(made_at, copier().KIND, applied_migrations(), tables)
        writer.close(manifest)
    return manifest


def _add_images(writer: backup_file.BackupWriter) -> None:
    for path in sorted(settings.MEDIA_ROOT.glob("*")):
        name = backup_file.IMAGES + path.name
        if name not in writer.parts and image_urls.named(path.name) is not None:
            with suppress(FileNotFoundError):  # deleted by staff meanwhile
                writer.add(name, path)


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def backups_in(directory: Path) -> list[Path]:
    """Return the backups in a directory, the oldest first."""
    return sorted(path for path in directory.glob("portal-*.tar.gz") if backup_file.NAME.fullmatch(path.name))


def made_at(backup: Path) -> datetime:
    """Return the time in the name of a backup."""
    return datetime.strptime(backup.name.split("-")[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def newest_made_at(directory: Path) -> datetime | None:
    backups = backups_in(directory)
    return made_at(backups[-1]) if backups else None


def rotate(directory: Path, keep: int) -> list[Path]:
    """Remove all backups but the newest, at least one, and return those removed; other files stay."""
    removed = backups_in(directory)[: -max(keep, 1)]
    for path in removed:
        path.unlink()
    return removed


@contextmanager
def _lock(directory: Path) -> Iterator[None]:
    """Raise BackupError while another backup is made there; remove the leftovers of one that was killed."""
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(gettext("Another backup is being made in this folder.")) from None
        for path in directory.glob(".portal-*.part"):
            path.unlink()
        for path in directory.glob(".copy-*"):
            shutil.rmtree(path, ignore_errors=True)
        yield
