"""Django runs once for a request, and once for all who ask for the same page at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, Event, Thread
from typing import Any

import pytest

from helpdesk.guides.models import Guide
from helpdesk.pagecache import layer
from helpdesk.pagecache.key import cacheable_paths
from helpdesk.pagecache.layer import PageCache, call
from helpdesk.pagecache.single_flight import SingleFlight
from helpdesk.pagecache.version import PageVersion
from tests.factories import make_cause, make_guide, make_symptom
from tests.pagecache.asking import Server

MANY = 12
CONTENT = b"<p>" + b"A page. " * 60


class Application:
    """A WSGI application that counts its runs and answers when it is let go."""

    def __init__(self, status: str = "200 OK") -> None:
        self.status = status
        self.runs = 0
        self.started, self.go = Event(), Event()
        self.fails_first = False

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
        self.runs += 1
        is_first = self.runs == 1
        self.started.set()
        assert self.go.wait(60)
        if self.fails_first and is_first:
            raise RuntimeError("The first one fails")
        start_response(self.status, [("Content-Type", "text/html")])
        return [CONTENT]


def cache_before(application: Application, monkeypatch: pytest.MonkeyPatch) -> PageCache:
    cache = PageCache(application, most_bytes=1_000_000)
    monkeypatch.setattr(cache.poller, "read", lambda: PageVersion(1))
    return cache


def ask(cache: PageCache, path: str = "/faq/", method: str = "GET") -> Any:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": "localhost", "wsgi.url_scheme": "http"}
    return call(cache, environ)


def ask_together(cache: PageCache, application: Application, paths: list[str]) -> list[Any]:
    """The answers to all paths, asked while the first one is still being made."""
    answers: list[Any] = []
    ready = Barrier(len(paths))

    def one(path: str) -> None:
        ready.wait(60)
        try:
            answers.append(ask(cache, path))
        except RuntimeError as error:
            answers.append(error)

    threads = [Thread(target=one, args=[path]) for path in paths]
    for thread in threads:
        thread.start()
    assert application.started.wait(60)
    time.sleep(0.1)  # so that most of the others are there by now
    application.go.set()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def test_page_that_many_ask_for_at_once_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    application = Application()
    cache = cache_before(application, monkeypatch)
    answers = ask_together(cache, application, ["/faq/"] * MANY)
    assert application.runs == 1
    assert {(status, content) for status, _, content in answers} == {("200 OK", CONTENT)}


def test_different_pages_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    application = Application()
    cache = cache_before(application, monkeypatch)
    ask_together(cache, application, [f"/faq/entry-{number}/" for number in range(MANY)])
    assert application.runs == MANY


def test_nobody_waits_for_a_leader_that_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    application = Application()
    application.fails_first = True
    cache = cache_before(application, monkeypatch)
    answers = ask_together(cache, application, ["/faq/"] * MANY)
    failed = [answer for answer in answers if isinstance(answer, RuntimeError)]
    assert (len(failed), len(answers)) == (1, MANY)
    assert cache.renders.flights == {}


@pytest.mark.parametrize("status", ["404 Not Found", "301 Moved Permanently", "500 Internal Server Error"])
def test_answer_that_may_not_be_cached_is_given_to_each_by_a_run_of_its_own(
    monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    application = Application(status)
    cache = cache_before(application, monkeypatch)
    answers = ask_together(cache, application, ["/faq/"] * MANY)
    assert [answer[0] for answer in answers] == [status] * MANY
    assert application.runs == MANY
    assert cache.pages.entries == {}


def test_wait_for_a_leader_that_hangs_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "LONGEST_WAIT", 0.05)
    application = Application()
    cache = cache_before(application, monkeypatch)
    leader = Thread(target=ask, args=[cache])
    leader.start()
    assert application.started.wait(60)
    second = Thread(target=ask, args=[cache])
    second.start()
    until = time.monotonic() + 60
    while application.runs < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert application.runs == 2
    application.go.set()
    leader.join(60)
    second.join(60)


def test_flight_ends_with_its_leader() -> None:
    flights = SingleFlight(60)
    for _ in range(2):
        with suppress(ValueError), flights.turn("page"):
            assert list(flights.flights) == ["page"]
            raise ValueError
        assert flights.flights == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/guides/login/", "", 200),
        ("/guides/login/", "utm_source=mail", 200),
        ("/guides/before/", "utm_source=mail", 301),
        ("/guides/before/nothing/", "", 301),
        ("/guides/login/nothing/check/none-such/", "", 302),
        ("/guides/login/nothing/check/first/", "no=none-such", 302),
        ("/guides/login/none-such/", "", 404),
        ("/faq/none-such/", "", 404),
        ("/faq/topic/none-such/", "", 404),
        ("/guides/", "", 302),
        ("/search/", "q=login", 200),
        ("/nothing/", "", 404),
    ],
)
def test_django_runs_once_for_every_public_request(method: str, path: str, query: str, status: int) -> None:
    guide = make_guide(slug="before")
    make_symptom(guide=guide, slug="nothing", causes=[make_cause(slug="first")])
    Guide.objects.update(slug="login")
    server = Server()
    answer = server.ask(path, method=method, query=query)
    assert (answer[0], server.asked) == (status, 1)
    if cacheable_paths().fullmatch(path):  # of other answers to HEAD the server drops the body
        assert (answer[2] == b"") is (method == "HEAD" or status in (301, 302))
