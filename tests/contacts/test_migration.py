"""Contact points of the previous version: telephone and hours become lines, today's and those of the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from helpdesk.contacts.line_keys import moved_line_key
from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.guides.as_of import contacts_at
from tests.transfer.portals import planned, states

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = "0003_questions_and_endings", "0006_remove_phone_and_hours"


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 9, tzinfo=UTC)


@pytest.fixture
def previous() -> Any:
    """The models of the previous version, on its tables."""
    call_command("migrate", "guides", BEFORE, verbosity=0)
    yield MigrationExecutor(connection).loader.project_state([("guides", BEFORE)]).apps
    call_command("migrate", verbosity=0)


def version(previous: Any, kind: str, on: int, pk: int, **values: str) -> None:
    previous.get_model("guides", "HistoricalContactPoint").objects.create(
        id=pk, name="Desk", purpose="All", updated_at=day(on), history_date=day(on), history_type=kind, **values
    )


HOURS = ("both", "o" * 80, "none", "gone")


def telephone_and_hours(previous: Any) -> Callable[[], None]:
    """Points whose telephone and hours become lines without losing a text."""
    add = previous.get_model("guides", "ContactPoint").objects.create
    both = add(slug="both", name="Desk", purpose="All", phone="1-877-442-2757", hours="Always", updated_at=day(3))
    add(slug="o" * 80, name="Odd", purpose="All", phone="0203 / ask", updated_at=day(3))
    add(slug="none", name="None", purpose="All", email="a@example.com", updated_at=day(3))
    version(previous, "+", 1, both.pk, slug="both", phone="1", hours="")
    version(previous, "~", 2, both.pk, slug="both", phone="1-877-442-2757", hours="Always")
    version(previous, "~", 3, both.pk, slug="both", phone="1-877-442-2757", hours="Always")
    gone = both.pk + 100
    version(previous, "+", 1, gone, slug="gone", phone="2", hours="Never")
    version(previous, "-", 4, gone, slug="gone", phone="2", hours="Never")

    def check() -> None:
        lines = {
            line.contact_point.slug: line
            for line in ContactLine.objects.filter(contact_point__slug__in=HOURS).select_related("contact_point")
        }
        assert {slug: (line.number, line.note) for slug, line in lines.items()} == {
            "both": ("1-877-442-2757", "Always"),
            "o" * 80: ("0203 / ask", ""),
        }
        assert (lines["both"].slug, lines["both"].shown_number, lines["both"].href) == (
            *("both-line", "1 877 442 2757", "tel:+18774422757"),
        )
        assert lines["o" * 80].slug == moved_line_key("o" * 80)
        assert [(v.history_type, v.number) for v in lines["both"].history.order_by("history_date")] == [
            ("+", "1"),
            ("~", "1-877-442-2757"),
        ]
        then = {
            point.slug: [line.number for line in point.lines.all()]
            for point in contacts_at(day(1))
            if point.slug in HOURS
        }
        assert then == {"both": ["1"], "gone": ["2"]}
        gone_lines = ContactLine.history.filter(contact_point_id=gone).order_by("history_date")
        assert [(v.history_type, v.number, v.note) for v in gone_lines] == [("+", "2", "Never"), ("-", "2", "Never")]
        new = ContactLine.objects.create(contact_point=ContactPoint.objects.get(slug="none"), slug="new", number="+1")
        assert new.pk not in gone_lines.values_list("id", flat=True)

    return check


def keys(previous: Any) -> Callable[[], None]:
    """Points whose keys passed on or are long: no obstacle, and the same by an import."""
    add = previous.get_model("guides", "ContactPoint").objects.create
    last = add(slug="desk", name="Desk", purpose="All", phone="1", updated_at=day(3))
    emptied = add(slug="emptied", name="Emptied", purpose="All", updated_at=day(3))
    deleted, renamed = last.pk + 100, emptied.pk
    version(previous, "+", 1, deleted, slug="desk", phone="2")
    version(previous, "-", 2, deleted, slug="desk", phone="2")
    version(previous, "+", 1, renamed, slug="desk", phone="3")
    version(previous, "~", 2, renamed, slug="emptied")
    long = add(slug="k" * 80, name="Long", purpose="All", phone="4", updated_at=day(3))
    # One whose key is like that of the line of the long one.
    add(slug=f"{'k' * 50}-{long.pk}", name="Short", purpose="All", phone="5", updated_at=day(3))
    alike = [f"{'z' * 75}-{letter}" for letter in "ab"]
    for slug in alike:
        like = add(slug=slug, name="Alike", purpose="All", hours="9", updated_at=day(3))
        version(previous, "+", 2, like.pk, slug=slug, hours="9")
    points = previous.get_model("guides", "ContactPoint").objects.values_list("slug", "name", "phone", "hours")
    record = "  - {{slug: {}, name: {}, for what: All, phone: '{}', hours: '{}'}}\n"
    bundle = f"helpdesk bundle: 1\ncontact points:\n{''.join(record.format(*point) for point in points)}"

    def check() -> None:
        lines = ContactLine.objects.exclude(contact_point__slug__in=HOURS)
        numbers = lines.exclude(number="").order_by("number").values_list("contact_point__slug", "number")
        assert list(numbers) == [("desk", "1"), ("k" * 80, "4"), (f"{'k' * 50}-{long.pk}", "5")]
        assert {line.slug for line in lines} == {
            moved_line_key(slug) for slug in ("desk", "k" * 80, f"{'k' * 50}-{long.pk}", *alike)
        }
        assert set(ContactLine.history.filter(note="9").values_list("slug", flat=True)) == set(
            map(moved_line_key, alike)
        )
        assert states(planned(bundle)[1]) == {}
        then = {
            (point.pk, line.number)
            for point in contacts_at(day(1))
            if point.slug not in HOURS
            for line in point.lines.all()
        }
        assert then == {(deleted, "2"), (renamed, "3")}

    return check


def test_contact_points_of_the_previous_version_keep_every_text_and_key(previous: Any) -> None:
    # To go back and forth takes ten seconds, so all points go together; the line that is gone has the last number.
    checks = [keys(previous), telephone_and_hours(previous)]
    call_command("migrate", verbosity=0)
    for check in checks:
        check()
