"""Lookup of what the pages of the FAQ read, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F

from helpdesk.content.audience import Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.guides.models.symptoms import SymptomQuerySet

_all = CompiledQuery(
    lambda audience: (
        FaqEntry.objects.visible_to(audience).for_list().only("slug", "question", "category__slug", "category__title")
    )
)
_of_category = CompiledQuery(
    lambda audience: FaqEntry.objects.visible_to(audience).for_list().filter(category__slug=Param("slug"))
)
_entry = CompiledQuery(lambda audience: FaqEntry.objects.visible_to(audience).for_list().filter(slug=Param("slug")))


def _related(audience: Audience) -> SymptomQuerySet:
    pages = Symptom.objects.visible_to(audience).select_related("guide")
    return pages.only("slug", "title", "guide__slug", "guide__short_title")


# Each with `entry`, the key of its FAQ entry; the condition comes first, so that both speak of the same entry.
_related_in_category = CompiledQuery(
    lambda audience: (
        _related(audience).filter(faq_entries__category_id=Param("category")).annotate(entry=F("faq_entries__id"))
    )
)
_related_to_entry = CompiledQuery(
    lambda audience: _related(audience).filter(faq_entries=Param("entry")).annotate(entry=F("faq_entries__id"))
)


def all_entries(audience: Audience) -> Sequence[FaqEntry]:
    """Return all entries with their categories, in the order of the FAQ. One query."""
    return _all.all(audience)


def entries_of(audience: Audience, category: str) -> Sequence[FaqEntry]:
    """Return the entries of the category with this slug, each with `related`, its symptoms. Two queries."""
    entries = _of_category.all(audience, slug=category)
    if entries:
        _attach_related(entries, _related_in_category.all(audience, category=entries[0].category_id))
    return entries


def entry_at(audience: Audience, slug: str) -> FaqEntry | None:
    """Return the entry with this slug and `related`, its symptoms. Two queries."""
    entry = _entry.first(audience, slug=slug)
    if entry is not None:
        _attach_related([entry], _related_to_entry.all(audience, entry=entry.pk))
    return entry


def _attach_related(entries: Iterable[Any], symptoms: Iterable[Any]) -> None:
    by_entry = defaultdict(list)
    for symptom in symptoms:
        by_entry[symptom.entry].append(symptom)
    for entry in entries:
        entry.related = by_entry[entry.pk]
