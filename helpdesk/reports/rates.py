"""Rates of use and success: how often pages are used, and how often a check helps.

All figures are of the last `DAYS` days, today included. A visitor counts once for a page and a day, since
their mark changes every day. Rates are plain shares and always come with the total: 3 of 4 is not 750 of 1000.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext, ngettext

from helpdesk.feedback.models import HandOff, Outcome
from helpdesk.feedback.visitors import today
from helpdesk.guides.models import Symptom
from helpdesk.search.models import OpenedPage

DAYS = 90


@dataclass(frozen=True, slots=True)
class CheckRate:
    """Outcomes of checks: how many visitors it fixed, how many not, how many could not try it."""

    fixed: int = 0
    not_fixed: int = 0
    could_not_try: int = 0

    def __add__(self, other: CheckRate) -> CheckRate:
        return CheckRate(
            self.fixed + other.fixed, self.not_fixed + other.not_fixed, self.could_not_try + other.could_not_try
        )

    @property
    def tried(self) -> int:
        """Number of visitors who tried it: fixed + not fixed."""
        return self.fixed + self.not_fixed

    @property
    def text(self) -> str:
        """The rate in words, “fixed 42 of 60 tries, 70 %”: 100 · fixed / tried. Empty without outcomes."""
        parts = []
        if self.tried:
            text = ngettext(
                "fixed %(fixed)d of %(tried)d try, %(rate)s", "fixed %(fixed)d of %(tried)d tries, %(rate)s", self.tried
            )
            parts.append(text % {"fixed": self.fixed, "tried": self.tried, "rate": percent(self.fixed, self.tried)})
        if self.could_not_try:
            parts.append(gettext("%(count)d could not try") % {"count": self.could_not_try})
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class SymptomRate:
    """Outcomes of a symptom's walks: visitors who answered a check, those it was fixed for, hand-offs."""

    visitors: int = 0
    helped: int = 0
    handed_over: int = 0

    @property
    def text(self) -> str:
        """The rate in words, “helped 30 of 50 visitors, 60 %; 4 handed over”: 100 · helped / visitors. May be empty."""
        parts = []
        if self.visitors:
            given = {"helped": self.helped, "visitors": self.visitors, "rate": percent(self.helped, self.visitors)}
            parts.append(
                ngettext(
                    "helped %(helped)d of %(visitors)d visitor, %(rate)s",
                    "helped %(helped)d of %(visitors)d visitors, %(rate)s",
                    self.visitors,
                )
                % given
            )
        if self.handed_over:
            parts.append(gettext("%(count)d handed over") % {"count": self.handed_over})
        return "; ".join(parts)


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
        """The use in words, “40 visitors answered, 4 hand-offs, 10 times opened from the search”."""
        parts = []
        if self.answered:
            parts.append(ngettext("%d visitor answered", "%d visitors answered", self.answered) % self.answered)
        if self.handed_over:
            parts.append(ngettext("%d hand-off", "%d hand-offs", self.handed_over) % self.handed_over)
        if self.opened:
            text = ngettext("%d time opened from the search", "%d times opened from the search", self.opened)
            parts.append(text % self.opened)
        return ", ".join(parts)


def percent(part: int, whole: int) -> str:
    """Return a share as “70 %”, rounded, with a no-break space."""
    return f"{round(100 * part / whole)}\u00a0%"


def first_day() -> date:
    """Return the first of the days that count."""
    return today() - timedelta(days=DAYS - 1)


def check_rates(symptoms: QuerySet[Symptom]) -> dict[tuple[int, int], CheckRate]:
    """Return the rate of each check with outcomes, by the keys of its symptom and its cause. One query."""
    counted = _outcomes().filter(symptom__in=symptoms).order_by().values_list("symptom", "cause", "answer")
    rates: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for symptom, cause, answer, count in counted.annotate(Count("pk")):
        rates[symptom, cause][answer] = count
    said = Outcome.Answer
    return {
        check: CheckRate(found.get(said.FIXED, 0), found.get(said.NOT_FIXED, 0), found.get(said.CANNOT_TRY, 0))
        for check, found in rates.items()
    }


def symptom_rates(symptoms: QuerySet[Symptom]) -> dict[int, SymptomRate]:
    """Return the rate of each symptom that was walked, by its key. Two queries."""
    fixed = Q(answer=Outcome.Answer.FIXED)
    walked = _outcomes().filter(symptom__in=symptoms).order_by().values_list("symptom")
    counted = walked.annotate(Count("visitor", distinct=True), helped=Count("visitor", distinct=True, filter=fixed))
    handed = dict(_handoffs().filter(symptom__in=symptoms).order_by().values_list("symptom").annotate(Count("pk")))
    rates = {pk: SymptomRate(visitors, helped, handed.pop(pk, 0)) for pk, visitors, helped in counted}
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


def _handoffs() -> QuerySet[HandOff]:
    return HandOff.objects.filter(created_at__gte=datetime.combine(first_day(), time.min, UTC))
