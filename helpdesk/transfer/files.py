"""Files in and out: exported files, limits of imported ones, members of ZIP archives."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext

from helpdesk.transfer.errors import ImportRefused

MAX_FILE_SIZE = 40_000_000


@dataclass(frozen=True)
class ExportFile:
    """A file to download."""

    name: str
    data: bytes
    content_type: str


def too_large(limit: int) -> str:
    return gettext("The file is too large. The limit is %(most)d MB.") % {"most": limit // 1_000_000}


@contextmanager
def opened_zip(data: bytes, damaged: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever is wrong with it is reported with the sentence `damaged`. Raises ImportRefused."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise ImportRefused(damaged) from None


def members(archive: zipfile.ZipFile, max_bytes: int, max_files: int) -> list[zipfile.ZipInfo]:
    """Return the members of an archive. Raises ImportRefused for one larger inside than anything people would send."""
    infos = archive.infolist()
    if len(infos) > max_files or sum(info.file_size for info in infos) > max_bytes:
        raise ImportRefused(gettext("The file has too many entries to import at once. Split it into several files."))
    return infos


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Return the data of a member, of which no more than the limit is read, whatever size the archive claims."""
    with archive.open(info) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ImportRefused(too_large(limit))
    return data
