"""FAQ entries as a spreadsheet: one row for each, every cell a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from helpdesk.transfer.archive import File
from helpdesk.transfer.schema import Content, Item
from helpdesk.transfer.snapshot import stored_content

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # what spreadsheets can hold


@dataclass(frozen=True)
class Column:
    """A column: the property it holds, its words at the top, how wide it is."""

    name: str
    words: Any
    width: int
    is_needed: bool = False


COLUMNS = (
    Column("number", gettext_lazy("help number"), 13),
    Column("category", gettext_lazy("category"), 24, is_needed=True),
    Column("slug", gettext_lazy("last part of the address"), 28),
    Column("question", gettext_lazy("question"), 44, is_needed=True),
    Column("answer", gettext_lazy("answer"), 90, is_needed=True),
    Column("keywords", gettext_lazy("keywords"), 40),
    Column("related_symptoms", gettext_lazy("related help numbers"), 22),
    Column("publish_at", gettext_lazy("publish from"), 18),
    Column("archive_at", gettext_lazy("archive from"), 18),
    Column("review_by", gettext_lazy("review by"), 13),
    Column("updated_at", gettext_lazy("changed"), 18),
)


def too_long() -> str:
    """What stands in a cell in place of a text that does not fit; a row that has it leaves the text as it is."""
    return _("(This text is too long for a cell. It stays as it is in the portal.)")


def spreadsheet() -> File:
    """All FAQ entries in the order of the FAQ, as an .xlsx file."""
    content = stored_content()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("FAQ"))
    sheet.freeze_panes = "A2"
    for place, column in enumerate(COLUMNS):
        sheet.column_dimensions["ABCDEFGHIJK"[place]].width = column.width
    sheet.append([_cell(sheet, capfirst(str(column.words)), bold=True) for column in COLUMNS])
    for values in rows(content):
        sheet.append([_cell(sheet, value) for value in values])
    whole = BytesIO()
    book.save(whole)
    return File("faq.xlsx", whole.getvalue(), CONTENT_TYPE)


def rows(content: Content) -> Iterator[list[str]]:
    """The texts of the cells, row by row, without the one at the top."""
    names = category_names(content)
    for item in content.of("FAQ entry").values():
        yield [_text(content, names, item, column.name) for column in COLUMNS]


def category_names(content: Content) -> dict[str, str]:
    """What a spreadsheet calls each category: its title, where no other has the same, else its slug."""
    titles = Counter(item.title for item in content.of("FAQ category").values())
    return {key: item.title if titles[item.title] == 1 else key for key, item in content.of("FAQ category").items()}


def _text(content: Content, names: dict[str, str], item: Item, name: str) -> str:
    value = item.values[name]
    match name:
        case "category":
            return names[value]
        case "related_symptoms":
            return ", ".join(str(content.of("symptom")[key].number) for key in value)
        case "publish_at" | "archive_at" | "updated_at":
            return moment_text(value) if value else ""
        case "review_by":
            return value.isoformat() if value else ""
    return str(value)


def moment_text(value: datetime) -> str:
    """A moment as the portal's clock shows it; with its time zone where the clock shows it twice."""
    local = timezone.localtime(value)
    plain = local.replace(tzinfo=None)
    if timezone.make_aware(plain) != value:
        return local.isoformat(" ")
    return plain.isoformat(" ", "minutes" if not plain.second and not plain.microsecond else "auto")


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell = WriteOnlyCell(sheet, too_long() if len(text) > LONGEST_CELL else text)
    # Said outright, so that no text is ever taken for a formula or a number.
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
