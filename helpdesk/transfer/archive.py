"""Bundles as files: a .yaml file, or a .zip file with it and the pictures of its texts."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext

from helpdesk.transfer import images
from helpdesk.transfer.bundle_reader import read_bundle
from helpdesk.transfer.bundle_writer import bundle_text
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.files import MAX_FILE_SIZE, ExportFile, members, opened_zip, read_member, too_large
from helpdesk.transfer.records import RecordSet
from helpdesk.transfer.snapshot import selection, stored_content
from helpdesk.transfer.spreadsheet_reader import is_spreadsheet, read_spreadsheet

MAX_TEXT_SIZE = 30_000_000
MAX_UNZIPPED_SIZE = 200_000_000
MAX_MEMBERS = 2_000

YAML_NAME = "bundle.yaml"
FOLDER = "media/"


@dataclass(frozen=True)
class ImportFile:
    """Records of an imported file, and the files of its pictures by their names."""

    content: RecordSet
    pictures: dict[str, bytes] = field(default_factory=dict)


def pack(content: RecordSet, name: str) -> ExportFile:
    """Return the content as a bundle, the same file for the same content."""
    text = bundle_text(content).encode()
    files = images.read_files(content.pictures)
    if not files:
        return ExportFile(f"{name}.yaml", text, "application/yaml; charset=utf-8")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        _add(archive, YAML_NAME, text, zipfile.ZIP_DEFLATED)
        for picture, data in files.items():
            _add(archive, FOLDER + picture, data, zipfile.ZIP_STORED)
    return ExportFile(f"{name}.zip", buffer.getvalue(), "application/zip")


def export_bundle(guides: Sequence[str] = (), *, onward: bool = True) -> tuple[ExportFile, RecordSet]:
    """Return all content as a bundle, or these guides with what belongs to them; and the records of the bundle.

    Raises KeyError for an unknown guide.
    """
    content = stored_content()
    if not guides:
        return pack(content, "help-content"), content
    content = selection(content, guides, onward=onward)
    return pack(content, guides[0] if len(guides) == 1 else "help-guides"), content


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name)  # without the time of day, which would make another file each time
    info.compress_type = compression
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def read_file(data: bytes) -> ImportFile:
    """Return the content of a bundle or a spreadsheet. Raises ImportRefused with all that is wrong with it."""
    if len(data) > MAX_FILE_SIZE:
        raise ImportRefused(too_large(MAX_FILE_SIZE))
    if not data.startswith(b"PK"):
        return ImportFile(read_bundle(_decoded(data)))
    with opened_zip(data, gettext("The file is damaged: it isn't a valid ZIP file. Export it again.")) as archive:
        return ImportFile(read_spreadsheet(data)) if is_spreadsheet(archive) else _unzipped(archive)


def _decoded(data: bytes) -> str:
    if len(data) > MAX_TEXT_SIZE:
        raise ImportRefused(too_large(MAX_TEXT_SIZE))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportRefused(
            gettext("The file isn't UTF-8 text, so it can't be imported as a bundle. Save it as UTF-8.")
        ) from None


def _unzipped(archive: zipfile.ZipFile) -> ImportFile:
    text: bytes | None = None
    files: dict[str, bytes] = {}
    for info in members(archive, MAX_UNZIPPED_SIZE, MAX_MEMBERS):
        name = info.filename.removeprefix(FOLDER)
        if info.is_dir():
            continue
        if info.filename == YAML_NAME and text is None:
            text = read_member(archive, info, MAX_TEXT_SIZE)
        elif info.filename.startswith(FOLDER) and images.named(name) and name not in files:
            files[name] = read_member(archive, info, images.MAX_BYTES)
        else:
            sentence = gettext(
                "“%(name)s” doesn't belong in a bundle. A bundle contains only “bundle.yaml” and pictures in “media”."
            )
            raise ImportRefused(sentence % {"name": info.filename[:80]})
    if text is None:
        raise ImportRefused(gettext("This ZIP file isn't a bundle: it has no “bundle.yaml”."))
    images.refuse_damaged(files)
    return ImportFile(read_bundle(_decoded(text)), files)
