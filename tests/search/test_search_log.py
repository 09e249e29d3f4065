"""What searching leaves behind."""

from __future__ import annotations

import logging
import sqlite3
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from helpdesk.content.search_numbers import search_number
from helpdesk.feedback import rate_limit, visitors
from helpdesk.feedback.models import Outcome
from helpdesk.search import index, search_log
from helpdesk.search.models import OpenedPage, Search
from helpdesk.search.results import SearchResults
from helpdesk.search.search_log import count
from tests import factories
from tests.test_at_the_same_time import all_at_once

pytestmark = pytest.mark.django_db

OPENED = "/search/opened/"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    cache.clear()


@pytest.fixture
def visit(rf: Any) -> Any:
    """A request for the search page."""

    def make(method: str = "get", path: str = "/search/", **headers: Any) -> HttpRequest:
        return getattr(rf, method)(path, **headers)

    return make


def found(asked: str, total: int = 0, shown: str = "") -> SearchResults:
    return SearchResults(asked, shown or asked, total=total)


def stored() -> list[tuple[Any, ...]]:
    return list(Search.objects.order_by("pk").values_list("words", "shown", "hits", "guide"))


# Counting


def test_search_is_counted_with_its_hits(visit: Any) -> None:
    count(visit(), found("token lost", 3), guide="trading-platform-login")

    assert stored() == [("token lost", "", 3, "trading-platform-login")]
    search = Search.objects.get()
    assert search.day == timezone.now().date()
    assert search.visitor == visitors.visitor_mark(visit())


def test_correction_is_kept(visit: Any) -> None:
    count(visit(), found("pascode", 2, shown="passcode"))

    assert stored() == [("pascode", "passcode", 2, "")]


def test_personal_things_are_not_kept(visit: Any) -> None:
    count(visit(), found("joe@example.com U1234567", shown="joe@example.com U1234568"))

    assert stored() == [("(address) U(number)", "(address) U(number)", 0, "")]


def test_repeated_search_is_one_row_with_the_last_result(visit: Any) -> None:
    count(visit(), found("dongle", 0))
    first = Search.objects.get()
    count(visit(), found("dongle", 5))

    assert stored() == [("dongle", "", 5, "")]
    assert Search.objects.get().recorded_at > first.recorded_at


def test_other_visitor_or_day_counts_again(visit: Any) -> None:
    count(visit(), found("dongle"))
    count(visit(REMOTE_ADDR="192.0.2.1"), found("dongle"))
    Search.objects.update(day=timezone.now().date() - timedelta(days=1))
    count(visit(), found("dongle"))

    assert len(stored()) == 3


@pytest.mark.parametrize("words", ["", " ", "\u200b"])
def test_nothing_typed_is_not_counted(visit: Any, words: str) -> None:
    count(visit(), found(words))

    assert stored() == []


@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "head"},
        {"method": "post"},
        {"path": "/search/?q=dongle&uncounted=1"},
        {"HTTP_SEC_PURPOSE": "prefetch"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"HTTP_X_PURPOSE": "preview"},
        {"HTTP_X_MOZ": "prefetch"},
    ],
)
def test_page_that_nobody_asked_for_is_not_counted(visit: Any, request_of: dict[str, str]) -> None:
    count(visit(**request_of), found("dongle"))
    assert stored() == []

    count(visit(HTTP_SEC_PURPOSE=""), found("dongle"))
    assert len(stored()) == 1


def test_preview_of_staff_is_not_counted(visit: Any) -> None:
    request = visit()
    request.preview = True
    count(request, found("dongle"))

    assert stored() == []


@pytest.mark.parametrize("guide", ["x" * 81, "<script>", "Joe Doe", "\0", "a/b"])
def test_guide_that_cannot_be_one_is_not_kept(visit: Any, guide: str) -> None:
    count(visit(), found("dongle"), guide=guide)

    assert stored() == [("dongle", "", 0, "")]


def test_flood_of_one_visitor_is_counted_no_further_and_takes_no_posts_away(
    visit: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "POSTS_A_MINUTE", 3)
    for place in range(6):
        count(visit(), found(f"word{place}"))
    count(visit(REMOTE_ADDR="192.0.2.1"), found("word"))
    assert [row[0] for row in stored()] == ["word0", "word1", "word2", "word"]

    symptom = factories.make_symptom(causes=[factories.make_cause(slug="cable")])
    assert client.post(f"{symptom.get_absolute_url()}check/cable/", {"answer": "fixed"}).status_code == 303
    assert Outcome.objects.count() == 1


def test_counting_takes_few_queries(visit: Any, django_assert_max_num_queries: Any) -> None:
    count(visit(), found("dongle"))
    with django_assert_max_num_queries(16):  # most of them are the rate limit's, in a cache that is a table
        count(visit(), found("dongle"))


# Failing


def test_failing_write_is_logged_and_breaks_nothing(
    visit: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_search (words) VALUES ('secret')")

    count(visit(), found("before"))
    monkeypatch.setattr(type(Search.objects), "bulk_create", refuse)
    with caplog.at_level(logging.WARNING):
        count(visit(), found("dongle"))

    assert [row[0] for row in stored()] == ["before"]  # the transaction around it goes on
    assert [record.name for record in caplog.records] == ["helpdesk.web.timeouts"]
    assert "A search was not counted: IntegrityError" in caplog.text
    assert "\n" not in caplog.records[0].getMessage()
    assert "secret" not in caplog.text


def test_cache_that_is_down_breaks_nothing(
    visit: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*args: Any) -> bool:
        raise ConnectionError("Connection refused")

    monkeypatch.setattr(search_log, "is_over_limit", down)
    count(visit(), found("dongle"))

    assert "A search was not counted: ConnectionError: Connection refused" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_locked_database_keeps_a_visitor_waiting_for_a_moment_only(
    visit: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if connection.vendor != "sqlite":
        # No writer waits for another one there.
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        count(visit(), found("dongle"))
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
    else:
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        count(visit(), found("dongle"))
        assert time.monotonic() - started < 15  # a writer that must not fail would wait for 20 seconds
        other.execute("ROLLBACK")
        other.close()
        assert connection.connection.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
    assert "A search was not counted" in caplog.text
    assert stored() == []

    count(visit(), found("dongle"))
    assert len(stored()) == 1


@pytest.mark.django_db(transaction=True)
def test_same_search_many_times_at_once_is_one_row(visit: Any) -> None:
    all_at_once(lambda place: count(visit(), found("dongle", place)), 18)

    assert [row[0] for row in stored()] == ["dongle"]


# Opening


@pytest.fixture
def symptom() -> Any:
    found = factories.make_symptom()
    index.catch_up()
    return found


def opened() -> list[tuple[str, int]]:
    return list(OpenedPage.objects.order_by("pk").values_list("search__words", "number"))


def test_opened_page_is_kept_once(client: Client, visit: Any, symptom: Any) -> None:
    people = search_number(factories.make_contact_point())
    index.catch_up()
    count(visit(), found("token lost", 2))
    numbers = (symptom.number, symptom.number, symptom.guide.number, people)
    answers = [client.post(OPENED, {"q": "  token   lost ", "number": number}) for number in numbers]

    assert [(answer.status_code, answer.content, len(answer.cookies)) for answer in answers] == [(204, b"", 0)] * 4
    assert opened() == [("token lost", number) for number in numbers[1:]]


def test_opened_suggestion_is_a_search_of_its_own(client: Client, visit: Any, symptom: Any) -> None:
    for _ in range(2):
        client.post(OPENED, {"q": "tok", "number": symptom.number, "suggested": "1"})

    assert stored() == [("tok", "", 1, "")]
    assert opened() == [("tok", symptom.number)]
    count(visit(), found("tok", 3))
    assert stored() == [("tok", "", 3, "")]


def test_opened_page_is_found_by_the_scrubbed_words(client: Client, visit: Any, symptom: Any) -> None:
    count(visit(), found("U1234567 locked", 1))
    client.post(OPENED, {"q": "U1234567 locked", "number": symptom.number})

    assert opened() == [("U(number) locked", symptom.number)]


@pytest.mark.parametrize(
    "number", ["", "0", "-1", "x", "999999", "9" * 40, "١", "1e3", "\0", "--1", "{draft}", "{archived}"]
)
def test_number_of_no_published_page_is_not_kept(client: Client, visit: Any, symptom: Any, number: str) -> None:
    now = timezone.now()
    others = {
        "draft": factories.make_symptom(published=False).number,
        "archived": factories.make_faq_entry(publish_at=now - timedelta(days=2), archive_at=now).number,
    }
    count(visit(), found("dongle", 1))
    answer = client.post(OPENED, {"q": "dongle", "number": number.format(**others)})

    assert (answer.status_code, opened()) == (204, [])


@pytest.mark.parametrize("data", [{}, {"q": "dongle"}, {"q": "other"}, {"q": "\0"}, {"q": "x" * 5000}])
def test_unknown_search_is_not_kept(client: Client, visit: Any, symptom: Any, data: dict[str, str]) -> None:
    count(visit(REMOTE_ADDR="192.0.2.1"), found("dongle", 1))  # somebody else's
    answer = client.post(OPENED, data | {"number": str(symptom.number)})

    assert (answer.status_code, opened()) == (204, [])


def test_search_of_yesterday_is_not_the_one(client: Client, visit: Any, symptom: Any) -> None:
    count(visit(), found("dongle", 1))
    Search.objects.update(day=timezone.now().date() - timedelta(days=1))
    client.post(OPENED, {"q": "dongle", "number": symptom.number})

    assert opened() == []


def test_opened_from_another_site_is_refused(client: Client, visit: Any, symptom: Any) -> None:
    count(visit(), found("dongle", 1))
    data = {"q": "dongle", "number": symptom.number}

    assert client.post(OPENED, data, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert opened() == []
    assert client.post(OPENED, data, HTTP_SEC_FETCH_SITE="same-origin").status_code == 204
    assert len(opened()) == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_opened_takes_posts_only(client: Client, method: str) -> None:
    assert getattr(client, method)(OPENED).status_code == 405


def test_opened_needs_no_token_even_where_tokens_are_checked(symptom: Any) -> None:
    assert Client(enforce_csrf_checks=True).post(OPENED, {"q": "dongle"}).status_code == 204


def test_opening_many_pages_takes_no_answers_away(
    client: Client, symptom: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit, "POSTS_A_MINUTE", 2)
    others = [factories.make_faq_entry().number for _ in range(3)]
    index.catch_up()
    numbers = [symptom.number, *others]
    codes = [client.post(OPENED, {"q": "dongle", "number": n, "suggested": ""}).status_code for n in numbers]

    assert codes == [204] * 4
    assert opened() == [("dongle", number) for number in numbers[:2]]
    check = symptom.checks.get().cause.slug
    assert client.post(f"{symptom.get_absolute_url()}check/{check}/", {"answer": "fixed"}).status_code == 303


def test_opened_page_that_cannot_be_written_is_answered(
    client: Client,
    visit: Any,
    symptom: Any,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    count(visit(), found("dongle", 1))
    monkeypatch.setattr(type(OpenedPage.objects), "bulk_create", fail)

    assert client.post(OPENED, {"q": "dongle", "number": symptom.number}).status_code == 204
    assert "An opened page was not counted: OperationalError: database is locked" in caplog.text
