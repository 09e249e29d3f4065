"""FAQ entries as a spreadsheet, one row for each, every cell a text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from helpdesk.transfer.files import ExportFile
from helpdesk.transfer.records import ContentRecord, RecordSet
from helpdesk.transfer.snapshot import stored_content

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL_LENGTH = 32_767  # of the file format


@dataclass(frozen=True)
class SheetColumn:
    """A column: the name of its field, its heading, its width."""

    name: str
    words: Promise
    width: int
    is_required: bool = False

    @property
    def heading(self) -> str:
        return capfirst(str(self.words))


COLUMNS = (
    SheetColumn("number", _("help number"), 13),
    SheetColumn("category", _("category"), 24, is_required=True),
    SheetColumn("slug", _("last part of the address"), 28),
    SheetColumn("question", _("question"), 44, is_required=True),
    SheetColumn("answer", _("answer"), 90, is_required=True),
    SheetColumn("keywords", _("keywords"), 40),
    SheetColumn("related_symptoms", _("related help numbers"), 22),
    SheetColumn("publish_at", _("publish from"), 18),
    SheetColumn("archive_at", _("archive from"), 18),
    SheetColumn("review_by", _("review by"), 13),
    SheetColumn("updated_at", _("changed"), 18),
)


def too_long() -> str:
    """Return the text of a cell in place of one that does not fit; on import it leaves the text as it is."""
    return gettext("(This text is too long for a cell. It stays as it is in the portal.)")


def spreadsheet() -> ExportFile:
    """Return all FAQ entries in the order of the FAQ as an .xlsx file."""
    content = stored_content()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("FAQ"))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_cell(sheet, column.heading, bold=True) for column in COLUMNS])
    for entry in content.of("FAQ entry").values():
        sheet.append([_cell(sheet, cell_text(content, entry, column.name)) for column in COLUMNS])
    buffer = BytesIO()
    book.save(buffer)
    return ExportFile("faq.xlsx", buffer.getvalue(), CONTENT_TYPE)


def category_names(content: RecordSet) -> dict[str, str]:
    """Return the name of each category in a spreadsheet: its title where that is unique, otherwise its slug."""
    categories = content.of("FAQ category")
    titles = Counter(record.title for record in categories.values())
    return {key: record.title if titles[record.title] == 1 else key for key, record in categories.items()}


def cell_text(content: RecordSet, entry: ContentRecord, name: str) -> str:
    value = entry.values[name]
    if name == "category":
        return category_names(content)[value]
    if name == "related_symptoms":
        return ", ".join(str(content.of("symptom")[key].number) for key in value)
    if isinstance(value, datetime):
        return moment_text(value)
    return "" if value is None else str(value)


def moment_text(value: datetime) -> str:
    """Return a moment as the portal's clock shows it; with its time zone where the clock shows it twice."""
    local = timezone.localtime(value)
    plain = local.replace(tzinfo=None)
    if timezone.make_aware(plain) != value:
        return local.isoformat(" ")
    return plain.isoformat(" ", "minutes" if not plain.second and not plain.microsecond else "auto")


def _cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, too_long() if len(text) > MAX_CELL_LENGTH else text)
    # Declared as text, so that no program takes it for a formula or a number.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
