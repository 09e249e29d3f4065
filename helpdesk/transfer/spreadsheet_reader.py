"""A spreadsheet of FAQ entries to content, or everything that is wrong with it, cell by cell."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from itertools import count
from typing import Any

from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from helpdesk.addresses.help_numbers import HIGHEST_NUMBER
from helpdesk.addresses.models import RESERVED_SLUGS
from helpdesk.transfer import values
from helpdesk.transfer.archive import Package, checked
from helpdesk.transfer.errors import Faults, Refused
from helpdesk.transfer.schema import FAQ_ENTRY, Content, Item
from helpdesk.transfer.snapshot import stored_content
from helpdesk.transfer.spreadsheet_writer import COLUMNS, category_names, too_long

LARGEST_INSIDE = 100_000_000
MOST_FILES = 500
MOST_ROWS = 20_000
MOST_COLUMNS = 40

_PROPERTIES = {entry.name: entry for entry in FAQ_ENTRY.properties}
# What makes one text into a very long one inside of a file.
_DECLARATIONS = [word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le")]
_DECLARATIONS += [word.encode("utf-16-be") for word in ("<!DOCTYPE", "<!ENTITY")]


def read_spreadsheet(data: bytes) -> Package:
    """The FAQ entries in a spreadsheet. Raises Refused with all that is wrong with it, each with its cell."""
    _refuse_bombs(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        cells = list(sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS))
    except Exception:  # each part of such a file can be wrong in ways of its own
        raise Refused(_("The file cannot be read as a spreadsheet. It has to be an .xlsx file.")) from None
    if len(cells) > MOST_ROWS + 1:
        raise Refused(_("The spreadsheet has more than %(most)d rows.") % {"most": MOST_ROWS})
    reader = _Reader(str(sheet.title))
    reader.read(cells)
    reader.faults.refuse()
    return Package(reader.content)


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for info in checked(archive, LARGEST_INSIDE, MOST_FILES):
                if info.filename.endswith((".xml", ".rels")) and any(
                    word in archive.read(info) for word in _DECLARATIONS
                ):
                    raise Refused(_("The spreadsheet has declarations that no spreadsheet program writes."))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError):
        raise Refused(_("The file cannot be read as a spreadsheet. It has to be an .xlsx file.")) from None


class _Reader:
    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.here = stored_content()
        self.content = Content()
        self.faults = Faults()
        self.columns: dict[int, str] = {}
        self.categories = {name.casefold(): key for key, name in category_names(self.here).items()}
        self.categories |= {key.casefold(): key for key in self.here.of("FAQ category")}
        self.symptoms = {item.number: item.key for item in self.here.of("symptom").values()}
        self.entries = {item.number: item for item in self.here.of("FAQ entry").values()}
        self.numbers: dict[int, str] = {}
        self.last = max((item.values["position"] for item in self.here.of("FAQ entry").values()), default=0)

    def add(self, row: int, column: int | None, sentence: str) -> None:
        place = _("Row %(row)d") % {"row": row}
        if column is not None:
            place = _("Sheet “%(sheet)s”, cell %(cell)s") % {
                "sheet": self.sheet,
                "cell": f"{get_column_letter(column + 1)}{row}",
            }
        self.faults.add(place, sentence)

    def read(self, rows: list[Any]) -> None:
        if not rows:
            raise Refused(_("The spreadsheet is empty."))
        self._headings(rows[0])
        self.faults.refuse()
        for number, row in enumerate(rows[1:], start=2):
            if any(cell.value not in (None, "") for cell in row):
                self._row(number, row)

    def _headings(self, row: Any) -> None:
        known = {}
        for column in COLUMNS:
            field = FAQ_ENTRY.field(column.name)
            for words in (str(column.words), column.name, str(field.verbose_name)):
                known[words.casefold()] = column.name
        for place, cell in enumerate(row):
            words = " ".join(str(cell.value or "").split())
            if not words:
                continue
            name = known.get(words.casefold())
            if name is None:
                listed = ", ".join(capfirst(str(column.words)) for column in COLUMNS)
                self.add(
                    1,
                    place,
                    _("“%(word)s” is not known. Columns are: %(known)s.") % {"word": words[:80], "known": listed},
                )
            elif name in self.columns.values():
                self.add(1, place, _("“%(word)s” is there twice.") % {"word": words[:80]})
            else:
                self.columns[place] = name
        for column in COLUMNS:
            if column.is_needed and column.name not in self.columns.values():
                self.add(1, None, _("the column “%(word)s” is missing.") % {"word": capfirst(str(column.words))})

    def _row(self, number: int, row: Any) -> None:
        found: dict[str, Any] = {}
        is_whole = True
        for place, name in self.columns.items():
            cell = row[place] if place < len(row) else None
            try:
                self._cell(name, cell, found)
            except values.Wrong as wrong:
                is_whole = False
                self.add(number, place, str(wrong))
        if is_whole:
            self._keep(number, found)

    def _cell(self, name: str, cell: Any, found: dict[str, Any]) -> None:
        value = getattr(cell, "value", None)
        if getattr(cell, "data_type", "") == "f":
            raise values.Wrong(_("a formula is not taken. Put its result there as text."))
        if getattr(cell, "data_type", "") == "e":
            raise values.Wrong(_("the cell holds an error of the spreadsheet."))
        if value == too_long():
            return
        match name:
            case "number":
                if text := text_of(value):
                    found[name] = values.number(text, 1, HIGHEST_NUMBER)
            case "category":
                found[name] = self._category(text_of(value))
            case "related_symptoms":
                found[name] = self._related(text_of(value))
            case "publish_at" | "archive_at" | "updated_at":
                found[name] = moment_of(value)
            case "review_by":
                found[name] = day_of(value)
            case _:
                text = text_of(value)
                if text or name == "keywords":
                    found[name] = values.single(FAQ_ENTRY, _PROPERTIES[name], text) if text else ""

    def _category(self, text: str) -> str:
        key = self.categories.get(text.strip().casefold())
        if key is None:
            known = ", ".join(category_names(self.here).values()) or "–"
            raise values.Wrong(
                _("there is no category “%(name)s”. There are: %(known)s.") % {"name": text[:80], "known": known}
            )
        return key

    def _related(self, text: str) -> tuple[str, ...]:
        keys = set()
        for part in filter(None, (part.strip() for part in text.replace(";", ",").split(","))):
            key = self.symptoms.get(values.number(part, 1, HIGHEST_NUMBER))
            if key is None:
                raise values.Wrong(_("there is no situation with the help number %(number)s.") % {"number": part})
            keys.add(key)
        return tuple(sorted(keys))

    def _keep(self, row: int, found: dict[str, Any]) -> None:
        here = self.entries.get(found.get("number"))
        for name in ("question", "answer"):
            if not str(found.get(name) or "").strip() and not (here and name not in found and name == "answer"):
                word = next(capfirst(str(column.words)) for column in COLUMNS if column.name == name)
                self.add(row, None, _("“%(word)s” is missing.") % {"word": word})
                return
        if found.get("archive_at") and (not found.get("publish_at") or found["archive_at"] <= found["publish_at"]):
            self.add(row, None, _("A page can be archived only after the moment it was published."))
            return
        if "slug" not in found:
            found["slug"] = here.values["slug"] if here else self._slug(found["question"])
        if here is None:
            found.setdefault("position", min(self.last + 1, values.HIGHEST_POSITION))
            self.last += 1
        if found.get("number") in self.numbers or self.content.find(FAQ_ENTRY.name, found["slug"]):
            self.add(row, None, _("this entry is there twice."))
            return
        if "number" in found:
            self.numbers[found["number"]] = found["slug"]
        self.content.add(Item(FAQ_ENTRY, found["slug"], found, _("Row %(row)d") % {"row": row}))

    def _slug(self, question: str) -> str:
        """A slug from the question, which no entry has yet."""
        stem = slugify(question)[:70].strip("-") or "entry"
        for candidate in _numbered(stem):
            taken = self.here.find(FAQ_ENTRY.name, candidate) or self.content.find(FAQ_ENTRY.name, candidate)
            if not taken and candidate not in RESERVED_SLUGS:
                return candidate
        raise AssertionError  # the candidates never end


def _numbered(stem: str) -> Iterator[str]:
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def text_of(value: Any) -> str:
    """What a cell shows. A whole number has no decimals, whatever the program has made of it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("_x000D_", "").strip("\r") if isinstance(value, str) else str(value)


def moment_of(value: Any) -> datetime | None:
    """A moment from a text, or from a cell that is a date to the program."""
    try:
        if isinstance(value, datetime):
            return values.in_utc(value)
        if isinstance(value, date):
            return values.in_utc(datetime.combine(value, time()))
    except (ValueError, OverflowError):
        raise values.Wrong(_("a moment such as 2026-11-22 09:00:00+00:00 is expected.")) from None
    text = text_of(value).strip()
    return values.moment(text) if text else None


def day_of(value: Any) -> date | None:
    if isinstance(value, datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else text_of(value).strip()
    return values.day(text) if text else None
