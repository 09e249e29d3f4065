"""Pages as plain text for the search: what a symptom or an FAQ entry says, and from when to when it is public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from helpdesk.content.publishing import Publishable
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.search.models import SearchDocument
from helpdesk.text.markdown import plain

SYMPTOM, ENTRY = SearchDocument.Kind.SYMPTOM.value, SearchDocument.Kind.ENTRY.value


class Part(NamedTuple):
    """A piece of a page's text: what stands above the checks of a symptom, one of the checks, an answer."""

    check: str  # the check's title; "" where it is none
    slug: str  # of the check's cause
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """The plain text of one page, a part for each weight, and what is shown of it in a list."""

    number: int
    kind: str
    slug: str
    guide: int
    path: str
    place: str
    title: str
    public_from: datetime
    public_until: datetime | None
    message: str = ""
    keywords: str = ""
    context: str = ""  # the names of what the page stands in, and of the checks on it
    parts: tuple[Part, ...] = ()

    @property
    def body(self) -> str:
        """All of the page's text."""
        return "\n".join(part.text for part in self.parts)


def texts(numbers: Iterable[int] | None = None) -> Iterator[Text]:
    """The texts of the pages with these help numbers, or of all, as far as they are or will be public.

    Four queries for a list of numbers; all pages come in portions of 500.
    """
    symptoms = Symptom.objects.for_page().order_by("number")
    entries = FaqEntry.objects.select_related("category").order_by("number")
    if numbers is not None:
        wanted = list(numbers)
        symptoms, entries = symptoms.filter(number__in=wanted), entries.filter(number__in=wanted)
    found: Any = chain(
        map(text_of_symptom, symptoms.iterator(chunk_size=500)), map(text_of_entry, entries.iterator(chunk_size=500))
    )
    return (text for text in found if text is not None)


def text_of_symptom(symptom: Symptom) -> Text | None:
    """What the symptom's pages say; None for one that will not be public by itself."""
    guide, onward = symptom.guide, symptom.leads_to
    public = public_between(symptom, guide, *([onward] if onward else []))
    if public is None:
        return None
    causes = [check.cause for check in symptom.checks.all()]
    parts = [Part("", "", " ".join(plain(text) for text in (symptom.introduction, symptom.notice) if text))]
    for cause in causes:
        what_to_do = f"{cause.resolution.title}. {plain(cause.resolution.body)}"
        parts.append(Part(cause.title, cause.slug, f"{plain(cause.how_to_check)} {what_to_do}"))
    names = [guide.short_title, guide.title, *([onward.title] if onward else []), *(cause.title for cause in causes)]
    return Text(
        symptom.number,
        SYMPTOM,
        symptom.slug,
        guide.number,
        symptom.get_absolute_url(),
        guide.short_title,
        symptom.title,
        *public,
        message=symptom.message,
        keywords=symptom.keywords,
        context="\n".join(names),
        parts=tuple(parts),
    )


def text_of_entry(entry: FaqEntry) -> Text | None:
    """What the FAQ entry says; None for one that will not be public by itself."""
    public = public_between(entry)
    if public is None:
        return None
    return Text(
        entry.number,
        ENTRY,
        entry.slug,
        0,
        entry.get_absolute_url(),
        entry.category.title,
        entry.question,
        *public,
        keywords=entry.keywords,
        context=entry.category.title,
        parts=(Part("", "", plain(entry.answer)),),
    )


def public_between(*pages: Publishable) -> tuple[datetime, datetime | None] | None:
    """From when to when all of these are public; None where one is a draft or the time is empty."""
    starts = [page.publish_at for page in pages]
    begin = max((start for start in starts if start), default=None)
    if begin is None or not all(starts):
        return None
    end = min((page.archive_at for page in pages if page.archive_at), default=None)
    return None if end is not None and end <= begin else (begin, end)
