"""A backup as one file: the database, the pictures, and a list of what is in it with a sum of each part.

The file is a `tar.gz`, so that its parts can be had without the portal, too. It is written under another name and gets
its own when it is complete and on the disk; so a file with the name of a backup is a whole one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
import zlib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from gzip import BadGzipFile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import time
from typing import IO, Any

from helpdesk.operations.backup.errors import Trouble
from helpdesk.operations.backup.rows import Table, Tables

FORMAT = 1
MANIFEST, DATABASE, PICTURES = "manifest.json", "database", "media/"
NAME = re.compile(r"portal-(\d{8}T\d{6}Z)-(sqlite|postgresql)\.tar\.gz")
_PICTURE = re.compile(r"media/[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_LONGEST_MANIFEST = 16 * 1024 * 1024
_PIECE = 1024 * 1024
# Most of it is packed already; more effort makes it hardly smaller.
_EFFORT = 2


@dataclass
class Manifest:
    """What a backup says of itself."""

    made_at: str
    database: str
    migrations: list[str]
    tables: Tables
    parts: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())

    def pictures(self) -> list[str]:
        """The names of the pictures' files, in order."""
        return sorted(name.removeprefix(PICTURES) for name in self.parts if name.startswith(PICTURES))

    def as_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()


def manifest_from(content: bytes) -> Manifest:
    """Raises Trouble when it is no manifest that this version can read."""
    try:
        given = json.loads(content)
        if given["format"] != FORMAT:
            raise Trouble("The backup was made by a newer version of the portal. Update the portal first.")
        tables = {name: Table(*values) for name, values in given.pop("tables").items()}
        return Manifest(tables=tables, **given)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Trouble("The file is no backup of this portal: its list of contents cannot be read.") from None


def name_for(moment: datetime, kind: str) -> str:
    return f"portal-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}-{kind}.tar.gz"


class Writer:
    """Puts parts into a backup, and knows the sum of each."""

    def __init__(self, file: IO[bytes]) -> None:
        self.archive = tarfile.open(fileobj=file, mode="w:gz", compresslevel=_EFFORT)  # noqa: SIM115 - closed by close()
        self.parts: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Raises FileNotFoundError when the file is gone."""
        with path.open("rb") as content:
            entry = tarfile.TarInfo(name)
            status = os.fstat(content.fileno())
            entry.size, entry.mtime, entry.mode = status.st_size, status.st_mtime, 0o600
            summed = _Summed(content)
            self.archive.addfile(entry, summed)
            self.parts[name] = summed.sum.hexdigest()

    def close(self, manifest: Manifest) -> None:
        manifest.parts = self.parts
        content = manifest.as_json()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mtime, entry.mode = len(content), time(), 0o600
        self.archive.addfile(entry, BytesIO(content))
        self.archive.close()


class _Summed:
    """A file that is summed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.sum = sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.sum.update(piece)
        return piece


def unpack(backup: Path, folder: Path) -> Manifest:
    """Brings the parts into the folder, under their names, and returns the manifest they agree with.

    Takes plain files with names that a backup has, and nothing else: no link, no device, no way out of the folder, no
    more than there is room for. Raises Trouble when anything is another than it was when the backup was made.
    """
    sums: dict[str, str] = {}
    manifest = None
    (folder / PICTURES).mkdir(mode=0o700, parents=True)
    try:
        with tarfile.open(backup, "r:gz") as archive:
            for entry in archive:
                content = _content_of(archive, entry, folder)
                if entry.name == MANIFEST:
                    manifest = manifest_from(content.read(_LONGEST_MANIFEST))
                else:
                    sums[entry.name] = _copy(content, folder / entry.name)
    except FileExistsError:
        raise Trouble("The file is no backup: it has a part twice.") from None
    except (tarfile.TarError, EOFError, ValueError, BadGzipFile, zlib.error) as error:
        raise Trouble(f"The file is no whole backup ({error}).") from None
    if manifest is None:
        raise Trouble("The file is no whole backup: its end is missing.")
    if sums != manifest.parts or DATABASE not in sums:
        wrong = sorted(name for name in {*sums, *manifest.parts} if sums.get(name) != manifest.parts.get(name))
        raise Trouble(f"The backup is damaged: {', '.join(wrong[:5]) or DATABASE} is not what it was.")
    return manifest


def _content_of(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> Any:
    """What is in a part. Raises Trouble for everything that a backup has no need of."""
    if not entry.isreg() or not (entry.name in (MANIFEST, DATABASE) or _PICTURE.fullmatch(entry.name)):
        raise Trouble(f"The file is no backup: “{entry.name[:80]}” has no place in one.")
    if entry.size > shutil.disk_usage(folder).free:
        raise Trouble("There is not enough room on the disk to unpack the backup.")
    return archive.extractfile(entry)


def _copy(content: IO[bytes], place: Path) -> str:
    """Writes a new file and returns its sum."""
    total = sha256()
    with place.open("xb") as file:
        while piece := content.read(_PIECE):
            total.update(piece)
            file.write(piece)
    return total.hexdigest()
