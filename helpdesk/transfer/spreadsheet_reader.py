"""Reader of spreadsheets with FAQ entries: records, or everything that is wrong with the file, cell by cell."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import chain, count
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from helpdesk.addresses.models import RESERVED_SLUGS
from helpdesk.faq.models import FaqEntry
from helpdesk.transfer.errors import ErrorCollector, ImportRefused
from helpdesk.transfer.files import members, opened_zip
from helpdesk.transfer.records import ContentRecord, RecordSet, Values
from helpdesk.transfer.schema import FieldType, spec_of
from helpdesk.transfer.snapshot import stored_content
from helpdesk.transfer.spreadsheet_writer import COLUMNS, category_names, heading, too_long
from helpdesk.transfer.values import HIGHEST_POSITION, InvalidValue, parse_value

MAX_UNZIPPED_SIZE = 100_000_000
MAX_MEMBERS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 40
REQUIRED = ("category", "question", "answer")

# Entities turn one text into a very long one, and no spreadsheet program writes any.
_DECLARATIONS = [
    word.encode(encoding) for word in ("<!DOCTYPE", "<!ENTITY") for encoding in ("ascii", "utf-16-le", "utf-16-be")
]


def is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    """Return whether the archive is an .xlsx file; a bundle with pictures is a ZIP file, too."""
    return not {"xl/workbook.xml", "[Content_Types].xml"}.isdisjoint(archive.namelist())


def read_spreadsheet(data: bytes) -> RecordSet:
    """Return the FAQ entries in a spreadsheet. Raises ImportRefused with all that is wrong with it."""
    unreadable = gettext("The file can't be read as a spreadsheet. Save it as an .xlsx file.")
    with opened_zip(data, unreadable) as archive:
        _refuse_declarations(archive)
    try:
        book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        rows = list(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS))
    except Exception:  # each part of such a file can be wrong in ways of its own
        raise ImportRefused(unreadable) from None
    if len(rows) > MAX_ROWS + 1:
        raise ImportRefused(
            gettext("The spreadsheet has more than %(most)d rows. Split it into several files.") % {"most": MAX_ROWS}
        )
    if not rows:
        raise ImportRefused(gettext("The spreadsheet is empty."))
    reader = _SheetReader(str(sheet.title))
    reader.read(rows)
    return reader.content


def _refuse_declarations(archive: zipfile.ZipFile) -> None:
    for info in members(archive, MAX_UNZIPPED_SIZE, MAX_MEMBERS):
        if info.filename.endswith((".xml", ".rels")):
            data = archive.read(info)
            if any(word in data for word in _DECLARATIONS):
                raise ImportRefused(
                    gettext(
                        "The spreadsheet contains XML declarations that aren't allowed. Save it again in a "
                        "spreadsheet program."
                    )
                )


# A row of cells, as openpyxl gives them.
Cells = Sequence[Any]


# Headings of spreadsheets that were exported before a label changed, in lowercase.
FORMER_HEADINGS = {
    "last part of the address": "slug",
    "publish from": "publish_at",
    "archive from": "archive_at",
}


class _SheetReader:
    """Walk through the rows of a sheet that collects records and errors."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.spec = spec_of(FaqEntry)
        self.content = RecordSet()
        self.errors = ErrorCollector()
        self.columns: dict[int, str] = {}
        self.numbers: set[int] = set()
        here = stored_content()
        self.category_names = category_names(here)
        self.categories = {name.casefold(): key for key, name in self.category_names.items()}
        self.categories |= {key.casefold(): key for key in self.category_names}
        self.symptoms = {record.number: record.key for record in here.of("symptom").values()}
        self.slugs = here.of("FAQ entry")
        self.entries = {record.number: record for record in self.slugs.values()}
        self.position = max((record.values["position"] for record in self.slugs.values()), default=0)

    def read(self, rows: Sequence[Cells]) -> None:
        self._headings(rows[0])
        self.errors.raise_if_any()
        for number, row in enumerate(rows[1:], start=2):
            if any(cell.value not in (None, "") for cell in row):
                self._row(number, row)
        self.errors.raise_if_any()

    def _add(self, row: int, sentence: str, column: int | None = None) -> None:
        place = row_text(row)
        if column is not None:
            words = {"sheet": self.sheet, "cell": f"{get_column_letter(column + 1)}{row}"}
            place = gettext("Sheet “%(sheet)s”, cell %(cell)s") % words
        self.errors.add(place, sentence)

    def _headings(self, row: Cells) -> None:
        headings = {name: heading(name) for name in COLUMNS}
        known = {words.casefold(): name for name in COLUMNS for words in (name, self.spec.by_name[name].label)}
        known |= {words.casefold(): name for name, words in headings.items()}
        known |= FORMER_HEADINGS
        for place, cell in enumerate(row):
            words = " ".join(str(cell.value or "").split())
            name = known.get(words.casefold(), "")
            if words and not name:
                sentence = gettext("“%(word)s” isn't recognized. Use these columns: %(known)s.")
                self._add(1, sentence % {"word": words[:80], "known": ", ".join(headings.values())}, place)
            elif name in self.columns.values():
                self._add(1, gettext("“%(word)s” appears twice.") % {"word": words[:80]}, place)
            elif name:
                self.columns[place] = name
        for name in REQUIRED:
            if name not in self.columns.values():
                self._add(1, gettext("the column “%(word)s” is missing.") % {"word": headings[name]})

    def _row(self, number: int, row: Cells) -> None:
        found: Values = {}
        errors = len(self.errors)
        for place, name in self.columns.items():
            try:
                if place < len(row) and row[place].value != too_long():
                    found |= self._cell(name, row[place])
            except InvalidValue as error:
                self._add(number, str(error), place)
        if len(self.errors) == errors:
            self._store(number, found)

    def _cell(self, name: str, cell: Any) -> Values:
        """Return the value of a cell by its name, or nothing where an empty cell leaves it as it is."""
        match getattr(cell, "data_type", ""):
            case "f":
                raise InvalidValue(gettext("formulas can't be imported. Enter the result as text."))
            case "e":
                raise InvalidValue(gettext("the cell contains a spreadsheet error."))
        field, text = self.spec.by_name[name], cell_text(cell.value)
        if name == "category":
            return {name: self._category(text)}
        if name == "related_symptoms":
            return {name: self._symptoms(text)}
        if field.type is FieldType.DATE and isinstance(cell.value, datetime):
            text = text.partition(" ")[0]
        if text if field.type is FieldType.TEXT else text.strip():
            return {name: parse_value(field, text)}
        return {} if name == "number" or field.is_required else {name: field.default}

    def _category(self, text: str) -> str:
        key = self.categories.get(text.strip().casefold())
        if key is None:
            known = ", ".join(self.category_names.values()) or "–"
            sentence = gettext("there's no category “%(name)s”. Use one of these: %(known)s.")
            raise InvalidValue(sentence % {"name": text[:80], "known": known})
        return key

    def _symptoms(self, text: str) -> tuple[str, ...]:
        keys = set()
        for part in filter(None, map(str.strip, text.replace(";", ",").split(","))):
            key = self.symptoms.get(parse_value(self.spec.by_name["number"], part))
            if key is None:
                sentence = gettext("there's no situation with help number %(number)s.")
                raise InvalidValue(sentence % {"number": part})
            keys.add(key)
        return tuple(sorted(keys))

    def _store(self, row: int, found: Values) -> None:
        here = self.entries.get(found.get("number"))
        for sentence in self._faults(found, here):
            self._add(row, sentence)
            return
        if "slug" not in found:
            found["slug"] = here.key if here else self._free_slug(found["question"])
        if here is None:
            self.position += 1
            found["position"] = min(self.position, HIGHEST_POSITION)
        if found.get("number") in self.numbers or found["slug"] in self.content.of(self.spec.name):
            self._add(row, gettext("this entry appears twice."))
            return
        self.numbers |= {found["number"]} if "number" in found else set()
        self.content.add(ContentRecord(self.spec, found["slug"], found, row_text(row)))

    def _faults(self, found: Values, here: ContentRecord | None) -> Iterator[str]:
        for name in REQUIRED:
            is_kept = here is not None and name == "answer" and name not in found
            if not is_kept and not str(found.get(name) or "").strip():
                yield gettext("“%(word)s” is missing.") % {"word": heading(name)}
        yield from self.spec.conflicts(found)

    def _free_slug(self, question: str) -> str:
        """Return a slug made from the question that no entry has yet."""
        stem = slugify(question)[:70].strip("-") or "entry"
        taken = {*self.slugs, *self.content.of(self.spec.name), *RESERVED_SLUGS}
        return next(slug for slug in chain([stem], (f"{stem}-{n}" for n in count(2))) if slug not in taken)


def row_text(number: int) -> str:
    return gettext("Row %(row)d") % {"row": number}


def cell_text(value: object) -> str:
    """Return the text that a cell shows. A whole number has no decimals, whatever the program has made of it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).replace("_x000D_", "").strip("\r")
