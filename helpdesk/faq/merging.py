"""What moves over when an FAQ entry is merged into another, and which entries name a symptom that is merged."""

from __future__ import annotations

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.redirects.merging import joined, moves_with


@moves_with(FaqEntry)
def move_words(entry: FaqEntry, into: FaqEntry) -> None:
    """The words by which the search finds it, and its related symptoms. The answer stays that of the other one."""
    into.keywords = joined(into.keywords, entry.keywords)
    with revision(Reason.MERGED.of(entry)):
        into.save()
        into.related_symptoms.add(*entry.related_symptoms.all())


@moves_with(Symptom)
def name_the_other(symptom: Symptom, into: Symptom) -> None:
    """The entries that name the symptom name the other one in its place."""
    for entry in symptom.faq_entries.all():
        entry.related_symptoms.add(into)
