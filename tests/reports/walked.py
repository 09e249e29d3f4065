"""What visitors said, made up for the tests."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from helpdesk.feedback.models import HandOff, Outcome
from helpdesk.guides.models import Cause, Symptom
from helpdesk.search.models import OpenedPage, Search

_serial = count(1)


_QUESTION = {"not-this": False, "applies": True}


def say(
    symptom: Symptom,
    cause: Cause,
    answer: str,
    *,
    times: int = 1,
    days_ago: int = 0,
    visitor: str = "",
    applies: bool | None = None,
    disturbed: bool = False,
) -> None:
    """Visitors, or one, gave this answer; `applies` is what they had answered to the question before."""
    moment = timezone.now() - timedelta(days=days_ago)
    for _ in range(times):
        Outcome.objects.create(
            symptom=symptom,
            cause=cause,
            answer=answer,
            applies=_QUESTION.get(answer, applies),
            during_announcement=disturbed,
            checks_before=0,
            day=moment.date(),
            visitor=visitor or f"visitor-{next(_serial)}",
            recorded_at=moment,
        )


def hand_over(symptom: Symptom, *, days_ago: int = 0) -> HandOff:
    reference = f"T{next(_serial):03}-2345"
    moment = timezone.now() - timedelta(days=days_ago)
    return HandOff.objects.create(reference=reference, symptom=symptom, summary="s", visitor="v", created_at=moment)


def open_from_search(page: Any, *, days_ago: int = 0) -> None:
    moment = timezone.now() - timedelta(days=days_ago)
    visitor = f"visitor-{next(_serial)}"
    search = Search.objects.create(words="words", hits=1, visitor=visitor, day=moment.date(), recorded_at=moment)
    OpenedPage.objects.create(search=search, number=page.number)
