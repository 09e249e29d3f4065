"""FAQ entries as they were: what stood on their pages when, and the page of a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.as_of import symptoms_at
from helpdesk.history.intervals import behind
from helpdesk.history.timeline import PageHistory, Span
from helpdesk.history.versions import living_at, many_fields, related_keys


def entry_history(pk: int) -> PageHistory:
    """An FAQ entry with its categories, while it stood in them."""
    own = Span(FaqEntry, pk)
    return PageHistory([own, *behind(FaqEntry, "category", [own])])


def entry_at(pk: int, moment: datetime) -> Any:
    """The entry as it was, with its category and `related`, the symptoms that visitors saw then. Five queries.

    None where there was no such entry, or nothing is known of its category.
    """
    version = living_at(FaqEntry, moment, id=pk).first()
    if version is None:
        return None
    category = living_at(FaqCategory, moment, id=version.category_id).first()
    if category is None:
        return None
    entry: Any = version.instance
    entry.category = category.instance
    (field,) = many_fields(FaqEntry)
    entry.related = symptoms_at(sorted(related_keys([version], field)[version.history_id]), moment)
    return entry
