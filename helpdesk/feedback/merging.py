"""What visitors said moves over to the page that another one is merged into, as far as it is still true there."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Guide, Symptom
from helpdesk.redirects.merging import moves_with


@moves_with(Symptom)
def move_what_visitors_said(symptom: Symptom, into: Symptom) -> None:
    """Outcomes of checks that the other one has as well, and every hand-off: its number stands in a customer's hand.

    What was said of other checks would say nothing there and goes with the symptom. A visitor who said something of
    both on one day is counted once.
    """
    counted = Outcome.objects.filter(
        symptom=into, cause=OuterRef("cause"), visitor=OuterRef("visitor"), day=OuterRef("day")
    )
    shared = Outcome.objects.filter(symptom=symptom, cause__in=into.checks.values("cause"))
    shared.exclude(Exists(counted)).update(symptom=into)
    HandOff.objects.filter(symptom=symptom).update(symptom=into)


@moves_with(Guide)
def move_words(guide: Guide, into: Guide) -> None:
    """What visitors wrote when none of its situations was theirs; the same words of one visitor are kept once."""
    known = UnmatchedWords.objects.filter(
        guide=into, visitor=OuterRef("visitor"), day=OuterRef("day"), words=OuterRef("words")
    )
    UnmatchedWords.objects.filter(guide=guide).exclude(Exists(known)).update(guide=into)
