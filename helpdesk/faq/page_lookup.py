"""Lookup of what the pages of the FAQ read, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Prefetch

from helpdesk.content.audience import Audience
from helpdesk.faq.models import FaqEntry, FaqEntryQuerySet
from helpdesk.guides.models import Symptom


def all_entries(audience: Audience) -> Sequence[FaqEntry]:
    """Return all entries with their categories, in the order of the FAQ. One query."""
    return list(FaqEntry.objects.visible_to(audience).for_list())


def entries_of(audience: Audience, category: str) -> Sequence[FaqEntry]:
    """Return the entries of the category with this slug, each with `related`, its symptoms. Two queries."""
    return list(_for_page(audience).filter(category__slug=category))


def entry_at(audience: Audience, slug: str) -> FaqEntry | None:
    """Return the entry with this slug and `related`, its symptoms. Two queries."""
    return _for_page(audience).filter(slug=slug).first()


def _for_page(audience: Audience) -> FaqEntryQuerySet:
    related = Symptom.objects.visible_to(audience).select_related("guide")
    entries = FaqEntry.objects.visible_to(audience).for_list()
    return entries.prefetch_related(Prefetch("related_symptoms", related, to_attr="related"))
