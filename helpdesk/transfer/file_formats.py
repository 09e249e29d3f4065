"""What comes in: a bundle or a spreadsheet, told apart by what the file holds."""

from __future__ import annotations

import zipfile
from io import BytesIO

from helpdesk.transfer.archive import LARGEST_FILE, Package, too_large, unpack
from helpdesk.transfer.errors import Refused
from helpdesk.transfer.spreadsheet_reader import read_spreadsheet


def read_file(data: bytes) -> Package:
    """What a file holds. Raises Refused with all that is wrong with it."""
    if len(data) > LARGEST_FILE:
        raise Refused(too_large(LARGEST_FILE))
    return read_spreadsheet(data) if is_spreadsheet(data) else unpack(data)


def is_spreadsheet(data: bytes) -> bool:
    """Whether the file is an .xlsx file; a bundle with pictures is a ZIP file too."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return any(name in ("xl/workbook.xml", "[Content_Types].xml") for name in archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return False
