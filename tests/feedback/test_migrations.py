"""Rows of the previous version: read as before after an update, and still written by a server that is updated later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from helpdesk.feedback.models import HandOff, Outcome
from helpdesk.guides.models import Symptom
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

OUTCOME = (
    "INSERT INTO feedback_outcome (symptom_id, cause_id, answer, checks_before, day, way_in, visitor, recorded_at)"
    " VALUES (%s, %s, %s, 1, '2026-11-20', 'guide', %s, '2026-11-20 10:00:00+00')"
)
HAND_OFF = (
    "INSERT INTO feedback_handoff (reference, symptom_id, tried, skipped, summary, visitor, created_at)"
    " VALUES ('ABCD-2345', %s, %s, %s, 'As it was', 'v', '2026-11-20 10:00:00+00')"
)


@pytest.fixture
def symptom() -> Symptom:
    causes = [factories.make_cause(slug=slug) for slug in ("cable", "router", "provider")]
    return factories.make_symptom(guide=factories.make_guide(slug="platform"), slug="offline", causes=causes)


@pytest.fixture
def previous_tables(symptom: Symptom) -> Iterator[None]:
    """The tables that the previous version made."""
    call_command("migrate", "feedback", "0002", verbosity=0)
    yield
    call_command("migrate", "feedback", verbosity=0)


def write_as_the_previous_version(symptom: Symptom, *, visitor: str) -> None:
    first, second, third = symptom.causes.order_by("number")
    with connection.cursor() as cursor:
        for cause, answer in ((first, "fixed"), (second, "not-fixed"), (third, "cannot-try")):
            cursor.execute(OUTCOME, [symptom.pk, cause.pk, answer, visitor])


def test_rows_of_the_previous_version_keep_their_meaning(symptom: Symptom, previous_tables: None) -> None:
    write_as_the_previous_version(symptom, visitor="before")
    numbers = list(symptom.causes.order_by("number").values_list("number", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(HAND_OFF, [symptom.pk, f"[{numbers[0]}]", f"[{numbers[1]}]"])
    call_command("migrate", "feedback", verbosity=0)
    write_as_the_previous_version(symptom, visitor="not updated yet")

    new = ("applies", "answered_before", "cause_revision", "resolution_revision", "during_announcement")
    found = Outcome.objects.order_by("pk").values_list("visitor", "answer", "checks_before", *new)
    assert list(found) == [
        (visitor, answer, 1, None, [], None, None, False)
        for visitor in ("before", "not updated yet")
        for answer in ("fixed", "not-fixed", "cannot-try")
    ]
    assert HandOff.objects.get().fixes_tried is None
    page = Client().get("/handoff/abcd2345/").content.decode()
    assert "As it was" in page
    assert 'href="/guides/platform/offline/check/provider/?no=cable&amp;skip=router"' in page
