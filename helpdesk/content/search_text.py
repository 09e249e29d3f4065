"""Plain text of a page, as content kinds hand it to the search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from django.utils import timezone

from helpdesk.content.publishing import Publishable


class SearchPassage(NamedTuple):
    """A part of a page's text: the one above the checks of a symptom, one of the checks, an answer."""

    check: str  # the check's title; empty where the passage is no check
    slug: str  # of the check's cause
    text: str


@dataclass(frozen=True, slots=True)
class SearchText:
    """Plain text of one page, with a field for each weight, and what a list of results shows of it."""

    number: int  # as `search_numbers` has it
    kind: str
    slug: str
    guide: int  # help number of the page's guide; 0 where it has none
    path: str  # or the address of a page elsewhere
    place: str  # the page that it is listed below; empty where the label of its kind says enough
    title: str
    public_from: datetime
    public_until: datetime | None
    message: str = ""
    keywords: str = ""
    link: str = ""  # that never changes; empty for the short link or the path
    context: str = ""  # names of the pages above it, and of the checks on it
    parts: tuple[SearchPassage, ...] = ()

    @property
    def body(self) -> str:
        """All passages, one below the other."""
        return "\n".join(part.text for part in self.parts)


Interval = tuple[datetime, datetime | None]

# The interval of a record that is public as long as it is there.
ALWAYS: Interval = (datetime(2000, 1, 1, tzinfo=UTC), None)


def public_between(*pages: Publishable) -> Interval | None:
    """Return the interval in which all of these pages are public; None for a draft among them or an empty interval."""
    starts = [page.publish_at for page in pages]
    begin = max((start for start in starts if start), default=None)
    if begin is None or not all(starts):
        return None
    end = min((page.archive_at for page in pages if page.archive_at), default=None)
    return None if end is not None and end <= begin else (begin, end)


def joined_interval(intervals: Iterable[Interval | None]) -> Interval | None:
    """Return the first interval that is not over in which at least one of these lasts; None where there is none."""
    now = timezone.now()
    begin: datetime | None = None
    end: datetime | None = None
    for start, stop in sorted((one for one in intervals if one), key=lambda one: one[0]):
        if stop is not None and stop <= now:
            continue
        if begin is None:
            begin, end = start, stop
        elif end is not None and start <= end:
            end = None if stop is None else max(end, stop)
    return None if begin is None else (begin, end)
