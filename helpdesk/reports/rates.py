"""Rates of use and success: how often pages are used, and how often a check helps.

All figures are of the last `DAYS` days, today included. A visitor counts once for a page and a day, since
their mark changes every day. Rates are plain shares and always come with the total: 3 of 4 is not 750 of 1000.
Rates leave out what visitors answered during an announced disturbance; use counts it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, ngettext

from helpdesk.feedback.models import HandOff, Outcome
from helpdesk.feedback.visitors import today
from helpdesk.guides.models import Symptom
from helpdesk.search.models import OpenedPage

DAYS = 90

BETWEEN_FIGURES = " · "

# What a rate of a check counts, by its fields.
_COUNTED = {
    "applied": Q(applies=True),
    "ruled_out": Q(answer=Outcome.Answer.RULED_OUT),
    "could_not_tell": Q(answer=Outcome.Answer.CANNOT_TELL),
    "fixed": Q(answer=Outcome.Answer.FIXED),
    "not_fixed": Q(answer=Outcome.Answer.NOT_FIXED),
    "could_not_try": Q(answer=Outcome.Answer.CANNOT_TRY),
}


@dataclass(frozen=True, slots=True)
class CheckRate:
    """Outcomes of checks: how often the cause applied, and how often its fix worked. A question is not a fix."""

    applied: int = 0
    ruled_out: int = 0
    could_not_tell: int = 0
    fixed: int = 0
    not_fixed: int = 0
    could_not_try: int = 0

    def __add__(self, other: CheckRate) -> CheckRate:
        return CheckRate(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def answered(self) -> int:
        """Number of visitors who answered the question: the cause applied, or was ruled out."""
        return self.applied + self.ruled_out

    @property
    def tried(self) -> int:
        """Number of visitors who tried the fix: fixed + not fixed."""
        return self.fixed + self.not_fixed

    @property
    def text(self) -> str:
        """The rates in words, “Applies: 12 of 40 (30%) · Fixed: 8 of 10 (80%) · Couldn't tell: 2”. May be empty."""
        parts = []
        if self.answered:
            parts.append(gettext("Applies: %(share)s") % {"share": share(self.applied, self.answered)})
        if self.tried:
            parts.append(gettext("Fixed: %(share)s") % {"share": share(self.fixed, self.tried)})
        if self.could_not_tell:
            parts.append(gettext("Couldn't tell: %(count)d") % {"count": self.could_not_tell})
        if self.could_not_try:
            parts.append(gettext("Couldn't do it: %(count)d") % {"count": self.could_not_try})
        return BETWEEN_FIGURES.join(parts)


@dataclass(frozen=True, slots=True)
class SymptomRate:
    """Outcomes of a symptom's walks: visitors who answered a check, found their cause, had it fixed; hand-offs."""

    visitors: int = 0
    found: int = 0
    helped: int = 0
    handed_over: int = 0

    @property
    def text(self) -> str:
        """The rates in words, “Cause found: 40 of 50 (80%) · Fixed: 30 of 50 (60%)”. May be empty."""
        parts = []
        if self.found > self.helped:  # else it says the same
            parts.append(gettext("Cause found: %(share)s") % {"share": share(self.found, self.visitors)})
        if self.visitors:
            parts.append(gettext("Fixed: %(share)s") % {"share": share(self.helped, self.visitors)})
        if self.handed_over:
            parts.append(gettext("Reference numbers: %(count)d") % {"count": self.handed_over})
        return BETWEEN_FIGURES.join(parts)


@dataclass(frozen=True, slots=True)
class PageUse:
    """Use of a page: visitors who answered its checks, hand-offs, and searches that it was opened from."""

    answered: int = 0
    handed_over: int = 0
    opened: int = 0

    @property
    def total(self) -> int:
        return self.answered + self.handed_over + self.opened

    @property
    def text(self) -> str:
        """The use in words, “40 visitors answered, 4 reference numbers, opened 10 times from search”."""
        parts = []
        if self.answered:
            parts.append(ngettext("%d visitor answered", "%d visitors answered", self.answered) % self.answered)
        if self.handed_over:
            parts.append(ngettext("%d reference number", "%d reference numbers", self.handed_over) % self.handed_over)
        if self.opened:
            text = ngettext("opened %d time from search", "opened %d times from search", self.opened)
            parts.append(text % self.opened)
        return ", ".join(parts)


def share(part: int, whole: int) -> str:
    """Return a share as “42 of 60 (70%)”, rounded."""
    return gettext("%(part)d of %(whole)d (%(percent)d%%)") % {
        "part": part,
        "whole": whole,
        "percent": round(100 * part / whole),
    }


def first_day() -> date:
    """Return the first of the days that count."""
    return today() - timedelta(days=DAYS - 1)


def check_rates(symptoms: QuerySet[Symptom]) -> dict[tuple[int, int], CheckRate]:
    """Return the rates of each check with outcomes, by the keys of its symptom and its cause. One query."""
    counted = _undisturbed().filter(symptom__in=symptoms).order_by().values("symptom", "cause")
    rows: Any = counted.annotate(**{name: Count("pk", filter=condition) for name, condition in _COUNTED.items()})
    return {(row.pop("symptom"), row.pop("cause")): CheckRate(**row) for row in rows}


def symptom_rates(symptoms: QuerySet[Symptom]) -> dict[int, SymptomRate]:
    """Return the rates of each symptom that was walked, by its key. Two queries."""
    walked = _undisturbed().filter(symptom__in=symptoms).order_by().values_list("symptom")
    fixed = Q(answer=Outcome.Answer.FIXED)
    counted: Any = walked.annotate(
        visitors=Count("visitor", distinct=True),
        found=Count("visitor", distinct=True, filter=fixed | Q(applies=True)),
        helped=Count("visitor", distinct=True, filter=fixed),
    )
    handed = dict(_handoffs().filter(symptom__in=symptoms).order_by().values_list("symptom").annotate(Count("pk")))
    rates = {pk: SymptomRate(visitors, found, helped, handed.pop(pk, 0)) for pk, visitors, found, helped in counted}
    return rates | {pk: SymptomRate(handed_over=count) for pk, count in handed.items()}


def uses() -> dict[int, PageUse]:
    """Return the use of each page that was used at all, by its help number. Three queries."""
    walked = _outcomes().order_by().values_list("symptom__number").annotate(Count("visitor", distinct=True))
    answered: Counter[int] = Counter(dict(walked))
    handed = Counter(dict(_handoffs().order_by().values_list("symptom__number").annotate(Count("pk"))))
    searched = OpenedPage.objects.filter(search__day__gte=first_day()).order_by().values_list("number")
    opened = Counter(dict(searched.annotate(Count("pk"))))
    return {number: PageUse(answered[number], handed[number], opened[number]) for number in answered | handed | opened}


def _outcomes() -> QuerySet[Outcome]:
    return Outcome.objects.filter(day__gte=first_day())


def _undisturbed() -> QuerySet[Outcome]:
    """Return the outcomes that say something about the content: a fix cannot work while the platform is down."""
    return _outcomes().filter(during_announcement=False)


def _handoffs() -> QuerySet[HandOff]:
    return HandOff.objects.filter(created_at__gte=datetime.combine(first_day(), time.min, UTC))
