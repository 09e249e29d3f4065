"""Keys of cached pages: what a page ignores costs a look into the cache, and no room in it."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.pagecache.hosts import MOST_HOSTS, KnownHosts
from helpdesk.pagecache.key import known_part
from tests.factories import make_cause, make_faq_entry, make_guide, make_symptom
from tests.pagecache.asking import Server

WALK = "/guides/login/nothing"
PAGES = (
    "/",
    "/guides/login/",
    "/guides/login/none/",
    f"{WALK}/",
    f"{WALK}/check/second/",
    "/faq/",
    "/contact/",
    "/feed/",
)
IGNORED = [
    *[f"sent={number}" for number in range(2, 12)],
    *[
        "by=",
        "by=%FF",
        "by=%00x",
        "no=%E2%28%A1",
        "skip=<x>",
        "%ZZ&&&=;",
        "a=1&" * 150,
        "x=" + "y" * 5_000,
        "q=x&page=2",
    ],
]


@pytest.fixture
def server(transactional_db: None) -> Server:
    causes = [make_cause(slug=slug, title=f"Is it {slug}?") for slug in ("first", "second")]
    make_symptom(guide=make_guide(slug="login"), slug="nothing", causes=causes)
    make_faq_entry()
    return Server()


def test_what_a_page_ignores_is_one_page_at_the_cost_of_a_hit(server: Server, django_assert_num_queries: Any) -> None:
    whole = {path: server.ask(path, query="sent=1" if path.endswith("none/") else "") for path in PAGES}
    assert {page[0] for page in whole.values()} == {200}
    room, asked = server.cache.pages.bytes, server.asked
    with django_assert_num_queries(0):
        for path in PAGES:
            for query in IGNORED:
                query = f"sent=9&{query}" if path.endswith("none/") else query
                assert server.ask(path, query=query) == whole[path], (path, query)
    assert (server.cache.pages.bytes, server.asked) == (room, asked)


def test_parameters_of_another_page_make_no_page(server: Server) -> None:
    for path in ("/", "/faq/", f"{WALK}/check/second/"):
        assert server.ask(path) == server.ask(path, query="by=first&sent=1")
    assert server.asked == 3


def test_host_has_one_name(server: Server, settings: Any) -> None:
    settings.PUBLIC_URL = "http://127.0.0.1"
    for host in ("localhost", "LocalHost", "localhost:1", "localhost.", "127.0.0.1:8000"):
        assert server.ask("/faq/", host=host)[0] == 200
    assert server.asked == 1
    assert server.ask("/faq/", host="evil.example")[0] == 400


def test_pages_name_the_port_that_was_asked_for_where_nothing_says_which_is_right(server: Server) -> None:
    assert b"http://localhost:8080/" in server.ask("/sitemap.xml", host="LOCALHOST:8080")[2]
    for port in range(1, 200):
        assert server.ask("/faq/", host=f"localhost:{port}")[0] == 200
    assert server.asked <= MOST_HOSTS + 2
    assert len(server.cache.pages.entries) <= MOST_HOSTS + 2


def test_spellings_are_not_remembered_without_end() -> None:
    hosts = KnownHosts()
    for number in range(2_000):
        assert hosts.normal(f"evil{number}.example") == f"evil{number}.example"
    assert len(hosts.spellings) < 300


@pytest.mark.parametrize(
    ("page", "query", "kept"),
    [
        ("check", "skip=b&no=a&no=c,a", "no=a,c&skip=b"),
        ("check", "no=a%2Cb&by=c&x=1", "no=a,b"),
        ("contact", "by=c&tried=a&no=a", "no=a&tried=a&by=c"),
        ("none", "sent=anything", "sent=1"),
        ("none", "sent", "sent=1"),
        ("home", "sent=1&no=a", ""),
    ],
)
def test_known_part_is_in_one_form(page: str, query: str, kept: str) -> None:
    assert known_part(query, page) == kept
