"""Outcomes of checks, as visitors report them."""

from __future__ import annotations

from django.utils import timezone

from helpdesk.feedback.models import Outcome, WayIn
from helpdesk.feedback.visitors import today
from helpdesk.guides.models import Check
from helpdesk.guides.walk import Answer
from helpdesk.guides.walk_view import WalkView


def record(walk: WalkView, check: Check, said: Answer, *, visitor: str, way_in: str) -> None:
    """Store the last answer of a visitor to a check on a day: one row, however often the button is pressed.

    One statement on either database, so two at once cannot make two rows. An unknown way in is dropped.
    """
    outcome = Outcome(
        symptom=walk.symptom,
        cause=check.cause,
        answer=said.value,
        checks_before=len(walk.answers.no) + len(walk.answers.skip),
        day=today(),
        way_in=way_in if way_in in WayIn.values else WayIn.UNKNOWN,
        visitor=visitor,
        recorded_at=timezone.now(),
    )
    Outcome.objects.bulk_create(
        [outcome],
        update_conflicts=True,
        unique_fields=["visitor", "day", "symptom", "cause"],
        update_fields=["answer", "checks_before", "recorded_at"],
    )
