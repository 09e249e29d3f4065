"""Contact points of a file: read as the admin's form reads them, or refused; texts of version 1.0 stay as written."""

from __future__ import annotations

import pytest

from helpdesk.guides.models import Cause, ContactLine, ContactPoint, Resolution
from helpdesk.transfer.bundle_reader import read_bundle
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.plan_report import plan_lines
from tests.factories import make_contact_line, make_contact_point
from tests.transfer.portals import empty_the_portal, exported, imported, planned, states

LINE = """\
helpdesk bundle: 2
contact points:
  - slug: desk
    name: Desk
    for what: Everything.
    lines:
      - slug: desk-uk
        number: "+44 20 7710 5600"
        {word}: {text}
"""
OF_1_0 = """\
helpdesk bundle: 1
contact points:
  - slug: desk
    name: Desk
    for what: Everything.
    phone: {phone}
    hours: {hours}
"""
OF_THE_LINE = "of the contact line “desk-uk”"


def refusals(text: str) -> tuple[str, ...]:
    with pytest.raises(ImportRefused) as refused:
        read_bundle(text)
    return refused.value.sentences


@pytest.mark.parametrize(
    ("word", "text", "sentence"),
    [
        (
            *(
                "number",
                "not a number at all",
                f"Line 8: “number” {OF_THE_LINE}: “not a number at all” isn't a number. ",
            ),
        ),
        ("number", "(312) 542-6901", f"Line 8: “number” {OF_THE_LINE}: “(312) 542-6901” has no country code. "),
        ("extension", "ask", f"Line 9: “extension” {OF_THE_LINE}: “ask” isn't an extension. "),
        ("hours", "whenever", f"Line 9: “hours” {OF_THE_LINE}: “whenever” can't be read. "),
        ("hours", "Mon-Fri 09:00-17:00", f"Line 7: “time zone” {OF_THE_LINE}: Choose the time zone of these hours."),
        ("time zone", "Mars/Olympus", f"Line 9: “time zone” {OF_THE_LINE}: “Mars/Olympus” isn't a time zone. "),
        ("closed on", "Christmas", f"Line 9: “closed on” {OF_THE_LINE}: “Christmas” isn't a date. "),
        ("kept as written", "[note]", "Line 9: “kept as written”: one of these is expected: number, extension, "),
        ("kept as written", "number", "Line 9: “kept as written”: this must be a list, "),
    ],
)
def test_line_that_nobody_can_read_is_refused_by_record_and_field(word: str, text: str, sentence: str) -> None:
    bundle = LINE.format(word=word, text=text)
    if word == "number":
        bundle = bundle.replace('        number: "+44 20 7710 5600"\n', "", 1)
        sentence = sentence.replace("Line 9", "Line 8")
    (found,) = refusals(bundle)
    assert found.startswith(sentence)


def test_address_that_is_no_page_is_refused() -> None:
    bundle = """\
helpdesk bundle: 2
contact points:
  - slug: desk
    name: Desk
    for what: Everything.
    web address: javascript:alert(1)
    confirmed on: 2999-01-01
announcements:
  - title: Slow
    starts at: 2026-11-01
    link text: More
    link: javascript:alert(1)
"""
    assert refusals(bundle) == (
        "Line 6: “web address”: Enter an address that starts with https:// or http://.",
        "Line 3: This day is in the future. Enter the day you checked.",
        "Line 12: “link”: Enter a short link of this portal, such as /g/1001/, or a URL that starts with https://.",
    )


@pytest.mark.django_db
def test_line_is_stored_as_it_is_read() -> None:
    more = """2026-12-25 2026-11-26
        hours: Monday to Friday 9am - 5:30 pm
        time zone: london"""
    text = LINE.format(word="closed on", text=more).replace('"+44 20 7710 5600"', "+44 (0)20 7710 5600 ext. 12")
    imported(text)
    line = ContactLine.objects.get()
    assert (line.number, line.extension, line.hours, line.time_zone, line.closed_days) == (
        *("+44 20 7710 5600", "12", "Mon-Fri 09:00-17:30", "Europe/London", "2026-11-26, 2026-12-25"),
    )
    assert states(planned(text)[1]) == {}


@pytest.mark.django_db
def test_texts_of_version_1_are_read_or_kept_and_named() -> None:
    imported(OF_1_0.format(phone="1-877-442-2757 x12", hours='""'))
    line = ContactLine.objects.get()
    assert (line.number, line.extension, line.note) == ("+1 877 442 2757", "12", "")
    empty_the_portal()
    assert list(states(planned(OF_1_0.format(phone='""', hours='" "'))[1])) == ["contact point:desk"]
    text = OF_1_0.format(phone="0203 000 0000", hours="Always")
    (row,) = (row for row in planned(text)[1].rows if row.notes)
    assert (row.id, row.notes) == (
        "contact line:desk-line",
        [
            "“number”: “0203 000 0000” has no country code. Begin with + and the code, such as +1 312 542 6901. "
            "The text is kept as written.",
            "“Always” is kept as a note: version 1.0 had no time zones. Enter hours and time zone in the admin.",
        ],
    )
    imported(text)
    line = ContactLine.objects.get()
    assert (line.slug, line.number, line.note) == ("desk-line", "0203 000 0000", "Always")
    again = planned(text)[1]
    assert (states(again), [row.notes for row in again.rows]) == ({}, [[], []])


@pytest.mark.django_db
def test_version_1_takes_nothing_from_a_line_that_staff_completed() -> None:
    desk = make_contact_point(
        slug="desk", name="Desk", purpose="Everything.", number="", web_address="https://a.example/"
    )
    make_contact_line(
        contact_point=desk, slug="desk-line", number="+1 877 442 2757", note="Always", place="US", hours="24 hours"
    )
    assert states(planned(OF_1_0.format(phone="1-877-442-2757", hours="Always"))[1]) == {}


@pytest.mark.django_db
def test_portal_with_unreadable_texts_can_be_taken_to_another_one() -> None:
    """Whatever an update or an earlier import left: the file marks it, so that it is no slip of the pen."""
    desk = make_contact_point(slug="desk", number="")
    make_contact_line(contact_point=desk, slug="desk-line", number="0203 / ask", note="Always", position=1)
    make_contact_line(
        contact_point=desk, slug="b", number="1-877-442-2757", hours="9-5", time_zone="Mars/Olympus", position=2
    )
    text = exported()
    assert "kept as written:\n          - number\n" in text
    assert "kept as written:\n          - hours\n          - time zone\n" in text
    assert 'number: "+1 877 442 2757"' in text or "number: +1 877 442 2757" in text
    assert states(planned(text)[1]) == {}
    assert refusals(text.replace("        kept as written:\n          - number\n", ""))[0].startswith("Line ")
    empty_the_portal()
    notes = [note for row in planned(text)[1].rows for note in row.notes]
    assert [note.partition(":")[0] for note in notes] == ["“number”", "“hours”", "“time zone”"]
    imported(text)
    assert exported() == text
    assert ContactLine.objects.get(slug="desk-line").number == "0203 / ask"
    assert ContactPoint.objects.count() == 1


CAUSES = """\
helpdesk bundle: {format}
resolutions:
  - {{slug: wait, title: Wait, what to do: Wait.}}
causes:
  - {{slug: known, number: 2001, title: Known, how to check: Look., resolution: wait, minutes: 5}}
  - {{slug: silent, number: 2002, title: Silent, how to check: Look., resolution: wait}}
"""


@pytest.mark.django_db
def test_version_1_says_nothing_of_minutes_and_endings() -> None:
    imported(CAUSES.format(format=1))
    assert dict(Cause.objects.values_list("slug", "minutes")) == {"known": 5, "silent": None}
    Cause.objects.filter(slug="silent").update(minutes=3, question="Is it?", answer_no="Not at all")
    Resolution.objects.update(ending="wait", takes_effect="Tomorrow")
    plan = planned(CAUSES.format(format=1))[1]
    assert states(plan) == {}, "what version 1.0 could not say stays as it is"
    (note,) = [line for line in plan_lines(plan, ()) if "minutes" in line]
    assert note.startswith("Bundles of version 1.0 leave out minutes that are 1")
    plan = planned(CAUSES.format(format=2))[1]
    assert (states(plan), plan.notes) == (
        {"resolution:wait": "changed", "cause:silent": "changed"},
        [],
    )
    assert planned(OF_1_0.format(phone="1", hours="x"))[1].notes == []
