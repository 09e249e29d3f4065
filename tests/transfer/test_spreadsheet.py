"""Export and import of FAQ entries as a spreadsheet."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from helpdesk.faq.models import FaqEntry
from helpdesk.transfer.archive import ImportFile, read_file
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import ImportPlan, make_plan
from helpdesk.transfer.run_import import ImportDecision, run_import
from helpdesk.transfer.spreadsheet_writer import COLUMNS, heading, spreadsheet, too_long
from tests.factories import make_faq_category, make_faq_entry, make_symptom
from tests.transfer.portals import finish, states

pytestmark = pytest.mark.django_db

HEADINGS = ["Help number", "Category", "Slug", "Question", "Answer", "Keywords"]
HEADINGS += ["Related help numbers", "Publication date", "Archive date", "Review by", "Changed"]


def sheet_of(data: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(BytesIO(data)).active.iter_rows()]


def book(*rows: list[Any]) -> bytes:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    whole = BytesIO()
    made.save(whole)
    return whole.getvalue()


def planned(data: bytes) -> ImportPlan:
    return make_plan(read_file(data).content, Operator())


def imported(data: bytes, take: list[str] | None = None) -> None:
    content = read_file(data).content
    plan = make_plan(content, Operator())
    chosen = plan.all_changed() if take is None else take
    finish(run_import(ImportDecision(ImportFile(content), "faq.xlsx", chosen, plan.fingerprint), Operator()))


def refusals(data: bytes) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        read_file(data)
    return list(refused.value.sentences)


def test_spreadsheet_has_a_row_for_each_entry() -> None:
    symptom = make_symptom()
    entry = make_faq_entry(
        question="=1+1", answer="-\r\n+cmd|' /C calc'!A0", keywords="@SUM(A1)", related_symptoms=[symptom],
        review_by=date(2027, 5, 22), publish_at=datetime(2026, 1, 5, 9, 0, 0, 250, tzinfo=UTC),
    )  # fmt: skip
    sheet = load_workbook(BytesIO(spreadsheet().data)).active
    assert sheet.freeze_panes == "A2"
    first, second = sheet.iter_rows()
    assert [cell.value for cell in first] == HEADINGS
    assert [cell.value or "" for cell in second][:10] == [
        *(str(entry.number), "Signing in", entry.slug, "=1+1", "-\n+cmd|' /C calc'!A0", "@SUM(A1)"),
        *(str(symptom.number), "2026-01-05 09:00:00.000250", "", "2027-05-22"),
    ]
    assert {cell.data_type for cell in second if cell.value} == {"s"}
    assert {cell.number_format for cell in second} == {"@"}


def test_spreadsheet_comes_back_unchanged(first_content: None) -> None:
    data = spreadsheet().data
    assert states(planned(data)) == {}
    rows = sheet_of(data)
    assert len(rows) == FaqEntry.objects.count() + 1
    # In another order, and without the columns that need not be there.
    assert states(planned(book(*[[row[4], row[3], row[1], row[0]] for row in rows]))) == {}


def test_changed_cell_is_a_changed_entry(first_content: None) -> None:
    rows = sheet_of(spreadsheet().data)
    rows[1][3], rows[1][6] = "Another question?", "1101; 1102"
    number = int(rows[1][0])
    data = book(*rows)
    row = next(row for row in planned(data).rows if row.changed)
    assert (row.changed, row.record.place) == (["question", "related_symptoms"], "Row 2")
    imported(data)
    entry = FaqEntry.objects.get(number=number)
    assert entry.question == "Another question?"
    assert sorted(entry.related_symptoms.values_list("number", flat=True)) == [1101, 1102]


def test_row_without_a_number_is_a_new_entry() -> None:
    make_faq_entry(category=make_faq_category(title="Codes", slug="codes"), position=7, published=False)
    headings = ["QUESTION", "answer", "Category", "publish from", "review by", None]
    data = book(
        headings,
        [None, None, "", None, None],
        ["How long is a code?", "Six digits.", "codes", datetime(2026, 3, 1, 8, 30), date(2027, 1, 1)],
        ["How long is a code?", 6, "Codes", datetime(2026, 3, 1), None],
    )
    imported(data)
    new = FaqEntry.objects.order_by("number").values_list("slug", "answer", "position", "publish_at", "review_by")[1:]
    assert list(new) == [
        ("how-long-is-a-code", "Six digits.", 8, datetime(2026, 3, 1, 8, 30, tzinfo=UTC), date(2027, 1, 1)),
        ("how-long-is-a-code-2", "6", 9, datetime(2026, 3, 1, tzinfo=UTC), None),
    ]


def test_text_that_is_too_long_for_a_cell_stays_as_it_is() -> None:
    entry = make_faq_entry(answer="x" * 40_000, published=False)
    data = spreadsheet().data
    assert sheet_of(data)[1][4] == too_long()
    assert states(planned(data)) == {}
    rows = sheet_of(data)
    rows[1][3] = "New question?"
    imported(book(*rows))
    assert FaqEntry.objects.values_list("question", "answer").get() == ("New question?", entry.answer)


def test_everything_wrong_is_said_with_its_cell() -> None:
    make_faq_category(title="Codes", slug="codes")
    data = book(
        [
            "Question",
            "Answer",
            "Category",
            "Help number",
            "Related help numbers",
            "Review by",
            "Slug",
        ],
        ["A?", "=1+1", "Nowhere", "x" * 400, "1", "soon", "all"],
        ["", "No question", "codes", None, None, None, None],
        ["B?", "B", "codes", None, None, None, "same"],
        ["B?", "B", "codes", None, None, None, "same"],
    )
    assert refusals(data) == [
        "Sheet “Sheet”, cell B2: formulas can't be imported. Enter the result as text.",
        "Sheet “Sheet”, cell C2: there's no category “Nowhere”. Use one of these: Codes.",
        "Sheet “Sheet”, cell D2: this must be a whole number from 1 to 2147483647.",
        "Sheet “Sheet”, cell E2: there's no situation with help number 1.",
        "Sheet “Sheet”, cell F2: this must be a date, such as 2027-05-22.",
        "Sheet “Sheet”, cell G2: “all” is reserved. Choose another slug.",
        "Row 3: “Question” is missing.",
        "Row 5: this entry appears twice.",
    ]


def test_headings_have_to_be_known() -> None:
    known = ", ".join(HEADINGS)
    assert refusals(book(["Question", "Antwort", "Question"])) == [
        f"Sheet “Sheet”, cell B1: “Antwort” isn't recognized. Use these columns: {known}.",
        "Sheet “Sheet”, cell C1: “Question” appears twice.",
        "Row 1: the column “Category” is missing.",
        "Row 1: the column “Answer” is missing.",
    ]


def rezipped(data: bytes, **changed: bytes) -> bytes:
    """Return the spreadsheet with some of its parts replaced."""
    whole = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return whole.getvalue()


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        (SHEET, LAUGHS, "XML declarations that aren't allowed"),
        (SHEET, LAUGHS.decode().encode("utf-16"), "XML declarations that aren't allowed"),
        (SHEET, b"<worksheet", "can't be read as a spreadsheet"),
        (SHEET, b"", "can't be read as a spreadsheet"),
        ("xl/workbook.xml", b"<x/>", "can't be read as a spreadsheet"),
    ],
)
def test_hostile_spreadsheet_is_refused(part: str, content: bytes, words: str) -> None:
    assert words in " ".join(refusals(rezipped(book(HEADINGS), **{part: content})))


def test_row_far_down_costs_nothing() -> None:
    make_faq_category(title="Codes")
    made = Workbook()
    made.active.append(HEADINGS)
    made.active.cell(row=1_048_576, column=16_384, value="far")
    whole = BytesIO()
    made.save(whole)
    assert refusals(whole.getvalue()) == ["The spreadsheet has more than 20000 rows. Split it into several files."]


def test_columns_are_properties_of_entries() -> None:
    assert [heading(name) for name in COLUMNS] == HEADINGS
