"""FAQ entries as a spreadsheet, one row for each, every cell a text."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from helpdesk.faq.models import FaqEntry
from helpdesk.transfer.files import ExportFile
from helpdesk.transfer.records import RecordSet
from helpdesk.transfer.schema import spec_of
from helpdesk.transfer.snapshot import stored_content

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELL_LENGTH = 32_767  # of the file format


# Columns by the names of their fields, with their widths.
COLUMNS = {
    "number": 13,
    "category": 24,
    "slug": 28,
    "question": 44,
    "answer": 90,
    "keywords": 40,
    "related_symptoms": 22,
    "publish_at": 18,
    "archive_at": 18,
    "review_by": 13,
    "updated_at": 18,
}
# Headings of columns that do not have the labels of their fields.
_HEADINGS = {"slug": _("slug"), "related_symptoms": _("related help numbers")}


def heading(name: str) -> str:
    """Return the heading of a column."""
    return capfirst(str(_HEADINGS.get(name) or spec_of(FaqEntry).by_name[name].label))


def too_long() -> str:
    """Return the text of a cell in place of one that does not fit; on import it leaves the text as it is."""
    return gettext("(This text is too long for a cell. It stays as it is in the portal.)")


def spreadsheet() -> ExportFile:
    """Return all FAQ entries in the order of the FAQ as an .xlsx file."""
    content = stored_content()
    categories, symptoms = category_names(content), content.of("symptom")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(gettext("FAQ"))
    sheet.freeze_panes = "A2"
    for place, width in enumerate(COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_cell(sheet, heading(name), bold=True) for name in COLUMNS])
    for entry in content.of("FAQ entry").values():
        related = (symptoms[key].number for key in entry.values["related_symptoms"])
        row = {
            **entry.values,
            "category": categories[entry.values["category"]],
            "related_symptoms": ", ".join(map(str, related)),
        }
        sheet.append([_cell(sheet, row[name]) for name in COLUMNS])
    buffer = BytesIO()
    book.save(buffer)
    return ExportFile("faq.xlsx", buffer.getvalue(), CONTENT_TYPE)


def category_names(content: RecordSet) -> dict[str, str]:
    """Return the name of each category in a spreadsheet: its title where that is unique, otherwise its slug."""
    categories = content.of("FAQ category")
    titles = Counter(record.title for record in categories.values())
    return {key: record.title if titles[record.title] == 1 else key for key, record in categories.items()}


def moment_text(value: datetime) -> str:
    """Return a moment as the portal's clock shows it; with its time zone where the clock shows it twice."""
    local = timezone.localtime(value)
    plain = local.replace(tzinfo=None)
    if timezone.make_aware(plain) != value:
        return local.isoformat(" ")
    return plain.isoformat(" ", "minutes" if not plain.second and not plain.microsecond else "auto")


def _cell(sheet: Any, value: object, *, bold: bool = False) -> WriteOnlyCell:
    text = moment_text(value) if isinstance(value, datetime) else "" if value is None else str(value)
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, too_long() if len(text) > MAX_CELL_LENGTH else text)
    # Declared as text, so that no program takes it for a formula or a number.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
