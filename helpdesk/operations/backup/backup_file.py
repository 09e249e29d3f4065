"""The file of a backup: a `tar.gz` with the database, the images, and a manifest with the checksum of each part.

Its parts can be read without the portal. It has its name only when it is complete and on the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from gzip import BadGzipFile
from io import BytesIO
from pathlib import Path
from time import time
from typing import IO

from django.utils.translation import gettext

from helpdesk.operations.backup.backup_errors import BackupError
from helpdesk.operations.backup.row_sums import TableSum, TableSums

FORMAT = 1
MANIFEST, DATABASE, IMAGES = "manifest.json", "database", "media/"
NAME = re.compile(r"portal-(\d{8}T\d{6}Z)-(sqlite|postgresql)\.tar\.gz")
_IMAGE = re.compile(r"media/[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_MAX_MANIFEST_BYTES = 16 * 1024 * 1024
# Most of the content is compressed already; a higher level makes the file hardly smaller.
_COMPRESSION_LEVEL = 2


@dataclass
class Manifest:
    """The description of a backup that is stored in it."""

    made_at: str
    database: str
    migrations: list[str]
    tables: TableSums
    parts: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def images(self) -> list[str]:
        """Return the names of the image files, sorted."""
        return sorted(name.removeprefix(IMAGES) for name in self.parts if name.startswith(IMAGES))


def parse_manifest(content: bytes) -> Manifest:
    """Raises BackupError when it is no manifest that this version can read."""
    try:
        given = json.loads(content)
        if given["format"] != FORMAT:
            raise BackupError(gettext("The backup was made by a newer version of the portal. Update the portal first."))
        tables = {name: TableSum(*values) for name, values in given.pop("tables").items()}
        return Manifest(tables=tables, **given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(
            gettext("The file isn't a backup of this portal: its list of contents can't be read.")
        ) from None


def name_for(moment: datetime, kind: str) -> str:
    return f"portal-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}.tar.gz"


class BackupWriter:
    """Adds parts to a backup, and computes the checksum of each."""

    def __init__(self, file: IO[bytes]) -> None:
        self.archive = tarfile.open(fileobj=file, mode="w:gz", compresslevel=_COMPRESSION_LEVEL)  # noqa: SIM115 - close()
        self.parts: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Raises FileNotFoundError when the file is gone."""
        with path.open("rb") as content:
            entry, status = tarfile.TarInfo(name), os.fstat(content.fileno())
            entry.size, entry.mtime, entry.mode = status.st_size, status.st_mtime, 0o600
            self.archive.addfile(entry, content)
            content.seek(0)
            self.parts[name] = hashlib.file_digest(content, "sha256").hexdigest()

    def close(self, manifest: Manifest) -> None:
        manifest.parts = self.parts
        content = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mtime, entry.mode = len(content), time(), 0o600
        self.archive.addfile(entry, BytesIO(content))
        self.archive.close()


def unpack(backup: Path, directory: Path) -> Manifest:
    """Extract the parts into the directory, and return the manifest, whose checksums they match.

    Accepts regular files with the names that a backup has, and nothing else: no link, no device, no path out of the
    directory, no more than the disk has room for. Raises BackupError for everything else.
    """
    sums: dict[str, str] = {}
    manifest = None
    (directory / IMAGES).mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(backup, "r:gz") as archive:
            for entry in archive:
                content = _content_of(archive, entry, directory)
                if entry.name == MANIFEST:
                    manifest = parse_manifest(content.read(_MAX_MANIFEST_BYTES))
                else:
                    sums[entry.name] = _copy(content, directory / entry.name)
    except FileExistsError:
        raise BackupError(gettext("The file isn't a backup: it has a part twice.")) from None
    except (tarfile.TarError, EOFError, ValueError, BadGzipFile, zlib.error) as error:
        raise BackupError(gettext("The file isn't a complete backup (%(error)s).") % {"error": error}) from None
    if manifest is None:
        raise BackupError(gettext("The file isn't a complete backup: its end is missing."))
    if sums != manifest.parts or DATABASE not in sums:
        wrong = sorted(name for name in {*sums, *manifest.parts} if sums.get(name) != manifest.parts.get(name))
        raise BackupError(
            gettext("The backup is damaged: %(wrong)s is different from what was backed up.")
            % {"wrong": ", ".join(wrong[:5]) or DATABASE}
        )
    return manifest


def _content_of(archive: tarfile.TarFile, entry: tarfile.TarInfo, directory: Path) -> IO[bytes]:
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None or not (entry.name in (MANIFEST, DATABASE) or _IMAGE.fullmatch(entry.name)):
        raise BackupError(
            gettext("The file isn't a backup: “%(name)s” doesn't belong in one.") % {"name": entry.name[:80]}
        )
    if entry.size > shutil.disk_usage(directory).free:
        raise BackupError(gettext("There isn't enough space on the disk to unpack the backup."))
    return content


def _copy(content: IO[bytes], path: Path) -> str:
    """Write a new file and return its checksum."""
    with path.open("x+b") as file:
        shutil.copyfileobj(content, file)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()
