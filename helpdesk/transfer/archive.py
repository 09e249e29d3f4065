"""A bundle as a file: a .yaml file, or a .zip file with it and the pictures that its texts show."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _

from helpdesk.transfer import pictures
from helpdesk.transfer.errors import Refused
from helpdesk.transfer.reader import read_bundle
from helpdesk.transfer.schema import Content
from helpdesk.transfer.writer import bundle_text

LARGEST_FILE = 40_000_000
LARGEST_TEXT = 30_000_000
LARGEST_WHOLE = 200_000_000
MOST_FILES = 2_000

YAML_NAME = "bundle.yaml"
FOLDER = "media/"


@dataclass(frozen=True)
class Package:
    """What a file holds: content, and the pictures that came along."""

    content: Content
    pictures: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file to hand out."""

    name: str
    data: bytes
    content_type: str


def pack(content: Content, name: str) -> File:
    """The content as a file; the same file for the same content."""
    text = bundle_text(content).encode()
    files = pictures.files_of(content.pictures)
    if not files:
        return File(f"{name}.yaml", text, "application/yaml; charset=utf-8")
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        _put(archive, YAML_NAME, text, zipfile.ZIP_DEFLATED)
        for picture, data in files.items():
            _put(archive, FOLDER + picture, data, zipfile.ZIP_STORED)
    return File(f"{name}.zip", whole.getvalue(), "application/zip")


def _put(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name)  # without the time of day, which is another one each time
    info.compress_type = compression
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def unpack(data: bytes) -> Package:
    """What is in the file. Raises Refused with all that is wrong with it."""
    if len(data) > LARGEST_FILE:
        raise Refused(too_large(LARGEST_FILE))
    if data.startswith(b"PK"):
        return _unzipped(data)
    return Package(read_bundle(_decoded(data)))


def too_large(most: int) -> str:
    return _("The file is too large: at most %(most)d MB are possible.") % {"most": most // 1_000_000}


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_TEXT:
        raise Refused(too_large(LARGEST_TEXT))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(_("The file is not a text in UTF-8, so it is no bundle.")) from None


def _unzipped(data: bytes) -> Package:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = checked(archive, LARGEST_WHOLE, MOST_FILES)
            return _read(archive, infos)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Refused(_("The file is damaged: it is no ZIP file that can be read.")) from None


def checked(archive: zipfile.ZipFile, most_bytes: int, most_files: int) -> Sequence[zipfile.ZipInfo]:
    """The members of an archive. Raises Refused for one that is larger inside than anything a person would send."""
    infos = archive.infolist()
    if len(infos) > most_files or sum(info.file_size for info in infos) > most_bytes:
        raise Refused(_("The file holds more than can be imported at once."))
    return infos


def _read(archive: zipfile.ZipFile, infos: Sequence[zipfile.ZipInfo]) -> Package:
    text: bytes | None = None
    files: dict[str, bytes] = {}
    for info in infos:
        name = info.filename.removeprefix(FOLDER)
        if info.is_dir():
            continue
        if info.filename == YAML_NAME and text is None:
            text = member(archive, info, LARGEST_TEXT)
        elif info.filename.startswith(FOLDER) and pictures.NAME.fullmatch(name) and name not in files:
            files[name] = member(archive, info, pictures.MOST_BYTES)
        else:
            raise Refused(
                _("“%(name)s” does not belong into a bundle: there are “bundle.yaml” and pictures in “media”.")
                % {"name": info.filename[:80]}
            )
    if text is None:
        raise Refused(_("There is no “bundle.yaml” in this ZIP file, so it is no bundle."))
    pictures.refuse_wrong(files)
    return Package(read_bundle(_decoded(text)), files)


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """What a file in the archive holds; read no further than it may be long, whatever the archive says of it."""
    with archive.open(info) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise Refused(too_large(most))
    return data
