"""FAQ entries as of a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.as_of import visible
from helpdesk.history.as_of import RecordsAt

# All that the page of an entry is made of.
ENTRY_PAGE = ("category", "related_symptoms__guide", "related_symptoms__leads_to")


def entry_at(pk: int, moment: datetime) -> Any:
    """Return an entry with its category and `related`, the symptoms that visitors saw then. Six queries.

    None where there was no such entry, or nothing is known of its category.
    """
    entry = RecordsAt(moment).get(FaqEntry, pk, ENTRY_PAGE)
    if entry is not None:
        entry.related = visible(entry.related_symptoms.all(), moment)
    return entry
