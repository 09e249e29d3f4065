"""What the pages of the FAQ read, each with one or two queries whatever the number of entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.http import HttpRequest

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.web.compiled_query import Prepared, Slot
from helpdesk.web.fragments import attach


def _related(request: HttpRequest) -> Any:
    return (
        Symptom.objects.shown_to(request)
        .select_related("guide")
        .only("slug", "title", "guide__slug", "guide__short_title")
    )


_all = Prepared(
    lambda request: (
        FaqEntry.objects.shown_to(request).for_list().only("slug", "question", "category__slug", "category__title")
    )
)
_topic = Prepared(lambda request: FaqEntry.objects.shown_to(request).for_list().filter(category__slug=Slot("slug")))
_entry = Prepared(lambda request: FaqEntry.objects.shown_to(request).for_list().filter(slug=Slot("slug")))
# Each with the `entry` it has to do with; the condition first, so that both speak of the same one.
_related_in_topic = Prepared(
    lambda request: (
        _related(request).filter(faq_entries__category_id=Slot("category")).annotate(entry=F("faq_entries__id"))
    )
)
_related_to_entry = Prepared(
    lambda request: _related(request).filter(faq_entries=Slot("entry")).annotate(entry=F("faq_entries__id"))
)


def all_entries(request: HttpRequest) -> Sequence[FaqEntry]:
    """All entries that the request may see, with their categories, in the order of the FAQ. One query."""
    return _all.all(request)


def entries_of(request: HttpRequest, category: str) -> Sequence[FaqEntry]:
    """The entries of the category with this slug, with `related`, the symptoms the request may see. Two queries."""
    entries = _topic.all(request, slug=category)
    if entries:
        _give_related(entries, _related_in_topic.all(request, category=entries[0].category_id))
    return entries


def entry_at(request: HttpRequest, slug: str) -> FaqEntry | None:
    """The entry with this slug, as `entries_of` gives it. Two queries."""
    entry = _entry.first(request, slug=slug)
    if entry is not None:
        _give_related([entry], _related_to_entry.all(request, entry=entry.pk))
    return entry


def _give_related(entries: Iterable[Any], symptoms: Iterable[Any]) -> None:
    by_entry = defaultdict(list)
    for symptom in symptoms:
        by_entry[symptom.entry].append(symptom)
    for entry in entries:
        attach(entry, related=by_entry[entry.pk])
