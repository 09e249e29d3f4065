"""The database is away, locked, full or for reading only: what visitors get, and that all comes back."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.survival import trouble
from tests.survival.killing import Supervisor

pytestmark = pytest.mark.database

HOME, GUIDE = "/", "/guides/trading-platform-login/"
WORDS = f"{GUIDE}none/"
# No address of a page that is kept.
UNCACHED = "/search/?q=my+%3Cb%3Ewords"

_visitor = count(1)


@dataclass
class Answer:
    status: int
    text: str
    retry_after: str | None
    seconds: float


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


def ask(portal: Supervisor, path: str, **fields: str) -> Answer:
    """A visitor of his own asks for a page, or sends these fields."""
    body = urllib.parse.urlencode(fields).encode() if fields else None
    headers = {"X-Forwarded-For": f"192.0.2.{next(_visitor) % 250}", "User-Agent": "visitor", "Origin": portal.address}
    headers["Cookie"] = f"csrftoken={fields.get('csrfmiddlewaretoken', '')}"
    request = urllib.request.Request(portal.address + path, body, headers)
    began = time.monotonic()
    try:
        response = urllib.request.build_opener(_Stay).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        text = response.read().decode()
    return Answer(response.status, text, response.headers["Retry-After"], time.monotonic() - began)


def staff_token(portal: Supervisor) -> str:
    """The token of the sign-in form; it goes with a cookie of the same value."""
    found = re.search(r'csrfmiddlewaretoken" value="(\w+)', ask(portal, "/admin/login/").text)
    assert found is not None
    return found[1]


def sends_again(page: str) -> tuple[str, dict[str, str]]:
    """Where the page's form goes, and what is in it."""
    form = re.search(r'<form class="card" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    fields = {
        name: value
        for tag in re.findall(r"<input[^>]*>", form[2])
        for name, value in [(re.search(r'name="([^"]*)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1])]  # type: ignore[index]
    }
    return form[1], fields


def back_within(portal: Supervisor, seconds: float, path: str, **fields: str) -> int:
    """The status of the first answer that is no 503."""
    until = time.monotonic() + seconds
    while (answer := ask(portal, path, **fields)).status == 503 and time.monotonic() < until:
        time.sleep(0.2)
    return answer.status


def test_posts_during_an_outage_come_back_with_the_words_and_can_be_sent_again(portal: Supervisor) -> None:
    outages = (
        (trouble.database_gone, trouble.database_read_only)
        if portal.database
        else (trouble.database_locked, trouble.disk_full)
    )
    for number, outage in enumerate(outages):
        words = f"It shows a grey window {number}"
        for _ in range(8):  # by each of the workers
            assert ask(portal, HOME).status == 200
        with outage(portal):
            refused = ask(portal, WORDS, words=words)
            pages = [ask(portal, HOME) for _ in range(6)]

        assert (refused.status, refused.retry_after) == (503, "5"), outage
        assert refused.seconds < 5
        assert sends_again(refused.text) == (WORDS, {"words": words})
        assert [page.status for page in pages] == [200] * 6
        action, fields = sends_again(refused.text)
        assert back_within(portal, 8, action, **fields) == 303
        assert rows_with(portal, words) == 1


def test_lock_that_is_held_keeps_nobody_waiting(portal: Supervisor) -> None:
    """All that anybody may ask for or send, beside a program that writes for ever."""
    token = staff_token(portal)
    with trouble.database_locked(portal):
        pages = [
            ask(portal, path) for path in (HOME, UNCACHED, "/healthz", "/readyz", "/nothing-there/", "/admin/login/")
        ]
        posts = [ask(portal, WORDS, words="Hello"), ask(portal, "/search/", q="x", words="Hello")]
        posts += [ask(portal, "/admin/login/", username="x", password="y", csrfmiddlewaretoken=token)]

    assert [page.status for page in pages] == [200, 200, 200, 200, 404, 200]
    assert max(page.seconds for page in pages) < 5
    assert [post.status for post in posts] == [503] * 3
    assert max(post.seconds for post in posts) < 10


def rows_with(portal: Supervisor, words: str) -> int:
    """How often these words are in the database, asked past the portal."""
    if portal.database:
        import psycopg

        with psycopg.connect(portal.database.replace("postgres://", "postgresql://", 1)) as connection:
            row = connection.execute("SELECT count(*) FROM feedback_unmatchedwords WHERE words = %s", [words])
            return row.fetchone()[0]  # type: ignore[index]
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(portal.folder / "portal.sqlite3")) as connection:
        row = connection.execute("SELECT count(*) FROM feedback_unmatchedwords WHERE words = ?", [words])
        return row.fetchone()[0]


def test_a_search_during_an_outage_keeps_its_words(portal: Supervisor) -> None:
    if not portal.database:
        # SQLite has readers go on whatever a writer does: the page itself comes.
        with trouble.database_locked(portal):
            assert ask(portal, UNCACHED).status == 200
        return
    with trouble.database_gone(portal):
        refused = ask(portal, UNCACHED)
        again = ask(portal, UNCACHED)

    assert (refused.status, refused.retry_after) == (503, "5")
    assert 'value="my &lt;b&gt;words"' in refused.text
    assert again.seconds < 3
    assert back_within(portal, 8, UNCACHED) == 200
