"""Outcomes of checks, as visitors report them."""

from __future__ import annotations

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from helpdesk.announcements.current import is_disturbed
from helpdesk.feedback.models import Outcome, WayIn
from helpdesk.feedback.visitors import today
from helpdesk.guides.models import Cause, Check, Resolution
from helpdesk.guides.walk import Answer
from helpdesk.guides.walk_view import WalkView
from helpdesk.history.versions import history_of

# What another answer to the same check on the same day replaces.
_REPLACED = [
    *("answer", "applies", "checks_before", "answered_before", "cause_revision", "resolution_revision"),
    *("during_announcement", "recorded_at"),
]


def record(walk: WalkView, check: Check, said: Answer, *, visitor: str, way_in: str) -> None:
    """Store the last answer of a visitor to a check on a day: one row, however often the button is pressed.

    One statement on either database, so two at once cannot make two rows; two queries before it. An unknown way in is
    dropped.
    """
    now = timezone.now()
    open_checks = walk.answers.remaining
    before = [one.cause.number for slug, one in walk.checks.items() if slug not in open_checks]
    cause_revision, resolution_revision = revisions_of(check.cause)
    outcome = Outcome(
        symptom=walk.symptom,
        cause=check.cause,
        answer=said.value,
        applies=applies(check.cause, said),
        checks_before=len(before),
        answered_before=before,
        cause_revision=cause_revision,
        resolution_revision=resolution_revision,
        during_announcement=is_disturbed(walk.symptom, now),
        day=today(),
        way_in=way_in if way_in in WayIn.values else WayIn.UNKNOWN,
        visitor=visitor,
        recorded_at=now,
    )
    Outcome.objects.bulk_create(
        [outcome],
        update_conflicts=True,
        unique_fields=["visitor", "day", "symptom", "cause"],
        update_fields=_REPLACED,
    )


def applies(cause: Cause, said: Answer) -> bool | None:
    """Return what an answer says of the cause's question; None for "cannot tell" and where nothing was asked.

    A fix is shown only to those who answered its question with yes.
    """
    if said is Answer.NOT_THIS:
        return False
    if said is Answer.CANNOT_TELL:
        return None
    return True if said is Answer.APPLIES or cause.question else None


def revisions_of(cause: Cause) -> tuple[int | None, int | None]:
    """Return the numbers of the current versions of a cause and its resolution, as far as they have any. One query."""
    newest = ("-history_date", "-history_id")
    resolution = history_of(Resolution).filter(id=OuterRef("resolution_id")).order_by(*newest)
    found = history_of(Cause).filter(id=cause.pk).order_by(*newest)
    found = found.annotate(resolution_revision=Subquery(resolution.values("history_id")[:1]))
    return found.values_list("history_id", "resolution_revision").first() or (None, None)
