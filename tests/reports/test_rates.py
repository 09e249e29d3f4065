"""How often pages are used, and how often checks help."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.guides.models import Symptom
from helpdesk.reports.rates import DAYS, CheckRate, PageUse, SymptomRate, check_rates, symptom_rates, uses
from tests.factories import make_cause, make_faq_entry, make_symptom
from tests.reports.walked import hand_over, open_from_search, say

everything = Symptom.objects.all


@pytest.mark.django_db
def test_rates_count_each_answer_of_each_check() -> None:
    one, other = make_cause(), make_cause()
    symptom, elsewhere = make_symptom(causes=[one, other]), make_symptom(causes=[one])
    say(symptom, one, "fixed", times=3)
    say(symptom, one, "not-fixed")
    say(symptom, other, "cannot-try", times=2)
    say(elsewhere, one, "fixed")
    assert check_rates(Symptom.objects.filter(pk=symptom.pk)) == {
        (symptom.pk, one.pk): CheckRate(fixed=3, not_fixed=1),
        (symptom.pk, other.pk): CheckRate(could_not_try=2),
    }


@pytest.mark.django_db
def test_rates_tell_a_cause_that_applies_from_a_fix_that_works() -> None:
    cause = make_cause()
    symptom = make_symptom(causes=[cause])
    say(symptom, cause, "not-this", times=5)
    say(symptom, cause, "cannot-tell", times=2)
    say(symptom, cause, "applies", times=3)
    say(symptom, cause, "fixed", applies=True), say(symptom, cause, "not-fixed", applies=True, times=2)
    assert check_rates(everything()) == {(symptom.pk, cause.pk): CheckRate(6, 5, 2, fixed=1, not_fixed=2)}
    assert symptom_rates(everything()) == {symptom.pk: SymptomRate(visitors=13, found=6, helped=1)}


@pytest.mark.django_db
def test_answers_during_an_announcement_are_use_but_no_rates() -> None:
    symptom = make_symptom()
    cause = symptom.checks.get().cause
    say(symptom, cause, "fixed"), say(symptom, cause, "not-fixed", times=9, disturbed=True)
    assert check_rates(everything()) == {(symptom.pk, cause.pk): CheckRate(fixed=1)}
    assert symptom_rates(everything()) == {symptom.pk: SymptomRate(1, 1, 1)}
    assert uses() == {symptom.number: PageUse(answered=10)}


@pytest.mark.django_db
def test_visitor_counts_once_for_a_symptom() -> None:
    one, other = make_cause(), make_cause()
    symptom = make_symptom(causes=[one, other])
    say(symptom, one, "not-fixed", visitor="a"), say(symptom, other, "fixed", visitor="a")
    say(symptom, one, "not-fixed", visitor="b")
    hand_over(symptom)
    called_only = make_symptom()
    hand_over(called_only), hand_over(called_only)
    assert symptom_rates(everything()) == {
        symptom.pk: SymptomRate(visitors=2, found=1, helped=1, handed_over=1),
        called_only.pk: SymptomRate(handed_over=2),
    }


@pytest.mark.django_db
def test_what_is_older_than_the_days_does_not_count() -> None:
    symptom = make_symptom()
    cause = symptom.checks.get().cause
    for days_ago in (DAYS - 1, DAYS):
        say(symptom, cause, "fixed", days_ago=days_ago)
        hand_over(symptom, days_ago=days_ago)
        open_from_search(symptom, days_ago=days_ago)
    assert check_rates(everything()) == {(symptom.pk, cause.pk): CheckRate(fixed=1)}
    assert symptom_rates(everything()) == {symptom.pk: SymptomRate(1, 1, 1, 1)}
    assert uses() == {symptom.number: PageUse(1, 1, 1)}


@pytest.mark.django_db
def test_use_counts_walks_hand_offs_and_pages_opened() -> None:
    symptom, entry = make_symptom(), make_faq_entry()
    say(symptom, symptom.checks.get().cause, "fixed", times=2)
    hand_over(symptom)
    open_from_search(entry), open_from_search(entry)
    make_symptom()
    assert uses() == {symptom.number: PageUse(answered=2, handed_over=1), entry.number: PageUse(opened=2)}


@pytest.mark.django_db
@pytest.mark.parametrize(("rates", "queries"), [(check_rates, 1), (symptom_rates, 2)])
def test_rates_take_the_same_queries_for_many(rates: Any, queries: int, django_assert_num_queries: Any) -> None:
    for _ in range(3):
        symptom = make_symptom()
        say(symptom, symptom.checks.get().cause, "fixed"), hand_over(symptom)
    with django_assert_num_queries(queries):
        assert len(rates(everything())) == 3


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (CheckRate(), ""),
        (CheckRate(fixed=42, not_fixed=18), "Fixed: 42 of 60 (70%)"),
        (CheckRate(fixed=1, could_not_try=2), "Fixed: 1 of 1 (100%) · Couldn't do it: 2"),
        (CheckRate(could_not_try=1), "Couldn't do it: 1"),
        (
            CheckRate(12, 28, 3, 8, 2, 1),
            "Applies: 12 of 40 (30%) · Fixed: 8 of 10 (80%) · Couldn't tell: 3 · Couldn't do it: 1",
        ),
        (
            CheckRate(1, 2, 3, 4, 5, 6) + CheckRate(6, 5, 4, 3, 2, 1),
            "Applies: 7 of 14 (50%) · Fixed: 7 of 14 (50%) · Couldn't tell: 7 · Couldn't do it: 7",
        ),
        (SymptomRate(), ""),
        (SymptomRate(50, 30, 30, 4), "Fixed: 30 of 50 (60%) · Reference numbers: 4"),
        (SymptomRate(50, 40, 30), "Cause found: 40 of 50 (80%) · Fixed: 30 of 50 (60%)"),
        (SymptomRate(handed_over=1), "Reference numbers: 1"),
        (PageUse(), ""),
        (PageUse(2, 1, 3), "2 visitors answered, 1 reference number, opened 3 times from search"),
    ],
)
def test_figures_are_said_with_what_they_are_a_share_of(rate: Any, text: str) -> None:
    assert rate.text == text
