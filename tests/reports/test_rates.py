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
def test_visitor_counts_once_for_a_symptom() -> None:
    one, other = make_cause(), make_cause()
    symptom = make_symptom(causes=[one, other])
    say(symptom, one, "not-fixed", visitor="a"), say(symptom, other, "fixed", visitor="a")
    say(symptom, one, "not-fixed", visitor="b")
    hand_over(symptom)
    called_only = make_symptom()
    hand_over(called_only), hand_over(called_only)
    assert symptom_rates(everything()) == {
        symptom.pk: SymptomRate(visitors=2, helped=1, handed_over=1),
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
    assert symptom_rates(everything()) == {symptom.pk: SymptomRate(1, 1, 1)}
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
        (CheckRate(42, 18), "fixed 42 of 60 tries, 70\u00a0%"),
        (CheckRate(1, 0, 2), "fixed 1 of 1 try, 100\u00a0%; 2 could not try"),
        (CheckRate(could_not_try=1), "1 could not try"),
        (CheckRate(1, 1) + CheckRate(0, 1, 4), "fixed 1 of 3 tries, 33\u00a0%; 4 could not try"),
        (SymptomRate(), ""),
        (SymptomRate(50, 30, 4), "helped 30 of 50 visitors, 60\u00a0%; 4 handed over"),
        (SymptomRate(handed_over=1), "1 handed over"),
        (PageUse(), ""),
        (PageUse(2, 1, 3), "2 visitors answered, 1 hand-off, 3 times opened from the search"),
    ],
)
def test_figures_are_said_with_what_they_are_a_share_of(rate: Any, text: str) -> None:
    assert rate.text == text
