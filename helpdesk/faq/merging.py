"""Merging of FAQ entries, and the entries that name a merged symptom."""

from __future__ import annotations

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.redirects.merging import joined, moves_with


@moves_with(FaqEntry)
def move_words(entry: FaqEntry, into: FaqEntry) -> None:
    """Move keywords and related symptoms to the other entry, whose answer stays."""
    into.keywords = joined(into.keywords, entry.keywords)
    with revision(Reason.MERGED.of(entry)):
        into.save()
        into.related_symptoms.add(*entry.related_symptoms.all())


@moves_with(Symptom)
def name_the_other(symptom: Symptom, into: Symptom) -> None:
    """Relate the symptom's entries to the other one."""
    for entry in symptom.faq_entries.all():
        entry.related_symptoms.add(into)
