"""A backup put back: everything is looked at before anything is changed, and what was there is backed up first."""

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

from helpdesk.images import storage
from helpdesk.operations.backup import archive, create, rows
from helpdesk.operations.backup.errors import Trouble
from helpdesk.text import image_urls


@dataclass(frozen=True)
class Restored:
    """What was put back, and where what was there before is kept (None where there was nothing)."""

    manifest: archive.Manifest
    before: Path | None


@contextmanager
def opened(file: Path) -> Iterator[tuple[archive.Manifest, Path]]:
    """What a backup says of itself and the folder with its parts, looked at by their sums; gone afterwards.

    Raises Trouble when the file is no whole backup, or none for this portal.
    """
    if not file.is_file():
        raise Trouble(f"There is no file {file}.")
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as scratch:
        folder = Path(scratch)
        manifest = archive.unpack(file, folder)
        kind = create.engine().KIND
        if manifest.database != kind:
            raise Trouble(
                f"The backup is of {manifest.database}, and the portal runs on {kind}. "
                "Content goes from one to the other with export_content and import_content."
            )
        if newer := sorted(set(manifest.migrations) - known_migrations()):
            raise Trouble(
                f"The backup was made by a newer version of the portal ({newer[0]}). Update the portal first."
            )
        yield manifest, folder


def verify(file: Path) -> archive.Manifest:
    """Looks at a backup row by row, and returns what it says of itself; changes nothing.

    Raises Trouble when anything in it is another than it was in the database when it was made.
    """
    with opened(file) as (manifest, folder):
        found = create.engine().check(folder / archive.DATABASE)
        if wrong := rows.differences(manifest.tables, found):
            raise Trouble(f"The backup is damaged: {', '.join(wrong[:5])} has other rows than when it was made.")
    return manifest


def restore(file: Path, *, replace: bool, backups: Path) -> Restored:
    """Puts a backup in the place of what is there; the database changes in one transaction.

    Raises Trouble, with everything as it was, when the file is no whole backup, or when something is there and
    `replace` is not given. With it, what is there is backed up first.
    """
    engine = create.engine()
    with opened(file) as (manifest, folder):
        before = None
        if engine.has_content():
            if not replace:
                raise Trouble("The portal has content. With --replace it is backed up first, and then replaced.")
            before = create.make(backups).file
        copy = folder / archive.DATABASE
        is_older = set(manifest.migrations) != known_migrations()
        if is_older and engine.KIND == "sqlite":
            _migrate(f"sqlite:///{copy}")
        _bring_pictures(manifest, folder)
        engine.load(copy)
        if is_older and engine.KIND == "postgresql":
            _migrate(None)
    return Restored(manifest, before)


def known_migrations() -> set[str]:
    """The names of the migrations of this version."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def _migrate(database: str | None) -> None:
    """Brings a database to the state of this version, in a process that knows no other."""
    environ = dict(os.environ) | ({"DATABASE_URL": database} if database else {})
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "--verbosity=0"]
    done = subprocess.run(  # noqa: S603 - this very program
        command, env=environ, capture_output=True, text=True
    )
    if done.returncode:
        raise Trouble(f"The backup could not be brought to this version: {done.stderr.strip().splitlines()[-1]}")


def _bring_pictures(manifest: archive.Manifest, folder: Path) -> None:
    """Puts each picture that is missing in its place; one that is there is the same, as its name says what is in it."""
    for name in manifest.pictures():
        if image_urls.named(name) is not None:
            storage.write({name: (folder / archive.PICTURES / name).read_bytes()})
