"""Merge handlers: feedback moves to the page that another one is merged into, where it still applies."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Guide, Symptom
from helpdesk.redirects.merging import moves_with


@moves_with(Symptom)
def move_what_visitors_said(symptom: Symptom, into: Symptom) -> None:
    """Move outcomes of checks that both symptoms have, and all hand-offs, as customers have their reference numbers.

    Outcomes of other checks mean nothing there and are deleted with the symptom. A visitor with outcomes for both on
    one day is counted once.
    """
    counted = Outcome.objects.filter(
        symptom=into, cause=OuterRef("cause"), visitor=OuterRef("visitor"), day=OuterRef("day")
    )
    shared = Outcome.objects.filter(symptom=symptom, cause__in=into.checks.values("cause"))
    shared.exclude(Exists(counted)).update(symptom=into)
    HandOff.objects.filter(symptom=symptom).update(symptom=into)


@moves_with(Guide)
def move_words(guide: Guide, into: Guide) -> None:
    """Move unmatched words to the other guide; the same words of one visitor are stored once."""
    known = UnmatchedWords.objects.filter(
        guide=into, visitor=OuterRef("visitor"), day=OuterRef("day"), words=OuterRef("words")
    )
    UnmatchedWords.objects.filter(guide=guide).exclude(Exists(known)).update(guide=into)
