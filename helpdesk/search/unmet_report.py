"""Report of searches that the pages do not answer yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import Lower

from helpdesk.feedback.visitors import today
from helpdesk.search.models import Search

# So many days back, today included.
DAYS = 90
# Nobody works through more than this.
MOST_ROWS = 200

_NOTHING = Q(hits=0)
_SOMETHING = Q(hits__gt=0)


def found_nothing() -> Any:
    """Return words without results: `same`, `visitors`, `last_day`; the most frequent first. One query.

    Left out is what has been found since: a page or a synonym was added.
    """
    groups = _same_words().annotate(
        visitors=Count("visitor", distinct=True, filter=_NOTHING),
        last_day=Max("day", filter=_NOTHING),
        missed_at=Max("recorded_at", filter=_NOTHING),
        found_at=Max("recorded_at", filter=_SOMETHING),
    )
    still = Q(found_at=None) | Q(missed_at__gt=F("found_at"))
    return groups.filter(still, visitors__gt=0).order_by("-visitors", "-last_day", "same")[:MOST_ROWS]


def opened_nothing() -> Any:
    """Return words whose results nobody opened: as above, and `of`, the number of visitors with results.

    The most frequent first. One query.
    """
    groups = _same_words().annotate(
        visitors=Count("visitor", distinct=True, filter=_SOMETHING & Q(opened=None)),
        of=Count("visitor", distinct=True, filter=_SOMETHING),
        last_day=Max("day", filter=_SOMETHING & Q(opened=None)),
    )
    return groups.filter(visitors__gt=0).order_by("-visitors", "-last_day", "same")[:MOST_ROWS]


def _same_words() -> Any:
    """Return the searches of these days by their words, regardless of case."""
    newest = Search.objects.filter(day__gt=today() - timedelta(days=DAYS))
    return newest.order_by().annotate(same=Lower("words")).values("same")
