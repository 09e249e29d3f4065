"""Verification and restore of backups: everything is checked first, and what is there is backed up before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext

from helpdesk.images import storage
from helpdesk.operations.backup import backup_file, creation, row_sums
from helpdesk.operations.backup.backup_errors import BackupError
from helpdesk.text import image_urls


@dataclass(frozen=True)
class RestoredBackup:
    """The manifest of what was restored, and the backup of what was there before (None where there was nothing)."""

    manifest: backup_file.Manifest
    before: Path | None


@contextmanager
def unpacked(file: Path) -> Iterator[tuple[backup_file.Manifest, Path]]:
    """Unpack a backup into a temporary directory, and yield its manifest and that directory.

    Raises BackupError when the file is incomplete, or not for this portal.
    """
    if not file.is_file():
        raise BackupError(gettext("There is no file %(file)s.") % {"file": file})
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as scratch:
        manifest = backup_file.unpack(file, Path(scratch))
        kind = creation.copier().KIND
        if manifest.database != kind:
            raise BackupError(
                gettext(
                    "The backup is of %(database)s, and the portal runs on %(kind)s. To move content from one to the "
                    "other, use export_content and import_content."
                )
                % {"database": manifest.database, "kind": kind}
            )
        if newer := sorted(set(manifest.migrations) - known_migrations()):
            raise BackupError(
                gettext("The backup was made by a newer version of the portal (%(newer)s). Update the portal first.")
                % {"newer": newer[0]}
            )
        yield manifest, Path(scratch)


def verify(file: Path) -> backup_file.Manifest:
    """Compare a backup row by row with the database it was made of, and return its manifest; change nothing.

    Raises BackupError for the first difference.
    """
    with unpacked(file) as (manifest, directory):
        found = creation.copier().check(directory / backup_file.DATABASE)
        if wrong := row_sums.differences(manifest.tables, found):
            raise BackupError(
                gettext("The backup is damaged: %(wrong)s has different rows than when it was made.")
                % {"wrong": ", ".join(wrong[:5])}
            )
    return manifest


def restore(file: Path, *, replace: bool, backups: Path) -> RestoredBackup:
    """Replace what is there with a backup; the database changes in one transaction.

    Raises BackupError, with everything as it was, when the file is no complete backup, or when there is content and
    `replace` is not given. With it, the content is backed up first.
    """
    copier = creation.copier()
    with unpacked(file) as (manifest, directory):
        before = None
        if copier.has_content():
            if not replace:
                raise BackupError(
                    gettext("The portal has content. With --replace, it's backed up first, then replaced.")
                )
            before = creation.make(backups).file
        copy = directory / backup_file.DATABASE
        is_older = set(manifest.migrations) != known_migrations()
        if is_older and copier.KIND == "sqlite":
            _migrate(f"sqlite:///{copy}")
        _restore_images(manifest, directory)
        copier.load(copy)
        if is_older and copier.KIND == "postgresql":
            _migrate(None)
    return RestoredBackup(manifest, before)


def known_migrations() -> set[str]:
    """Return the names of the migrations of this version."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def _migrate(database: str | None) -> None:
    """Apply the missing migrations to a database, in a process that is connected to no other."""
    environ = dict(os.environ) | ({"DATABASE_URL": database} if database else {})
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True)  # noqa: S603 - this very program
    if done.returncode:
        raise BackupError(
            gettext("The backup couldn't be updated to this version: %(reason)s")
            % {"reason": done.stderr.strip().splitlines()[-1]}
        )


def _restore_images(manifest: backup_file.Manifest, directory: Path) -> None:
    """Write each image that is missing; the name of one that is there contains a hash of its content."""
    for name in manifest.images():
        if image_urls.named(name) is not None:
            storage.save_files({name: (directory / backup_file.IMAGES / name).read_bytes()})
