"""Plain text of a page, as content kinds hand it to the search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from helpdesk.content.publishing import Publishable


class SearchPassage(NamedTuple):
    """A part of a page's text: the one above the checks of a symptom, one of the checks, an answer."""

    check: str  # the check's title; empty where the passage is no check
    slug: str  # of the check's cause
    text: str


@dataclass(frozen=True, slots=True)
class SearchText:
    """Plain text of one page, with a field for each weight, and what a list of results shows of it."""

    number: int
    kind: str
    slug: str
    guide: int  # help number of the page's guide; 0 where it has none
    path: str
    place: str
    title: str
    public_from: datetime
    public_until: datetime | None
    message: str = ""
    keywords: str = ""
    context: str = ""  # names of the pages above it, and of the checks on it
    parts: tuple[SearchPassage, ...] = ()

    @property
    def body(self) -> str:
        """All passages, one below the other."""
        return "\n".join(part.text for part in self.parts)


def public_between(*pages: Publishable) -> tuple[datetime, datetime | None] | None:
    """Return the interval in which all of these pages are public; None for a draft among them or an empty interval."""
    starts = [page.publish_at for page in pages]
    begin = max((start for start in starts if start), default=None)
    if begin is None or not all(starts):
        return None
    end = min((page.archive_at for page in pages if page.archive_at), default=None)
    return None if end is not None and end <= begin else (begin, end)
