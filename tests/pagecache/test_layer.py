"""Finished pages in front of Django: the same bytes as Django's, as long as they are true and no longer."""

from __future__ import annotations

import gzip
from datetime import timedelta
from io import BytesIO
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.pagecache.key import PageKey
from helpdesk.pagecache.layer import cache_control
from helpdesk.pagecache.lru import CacheEntry, LRUCache
from helpdesk.pagecache.stored_page import StoredPage
from helpdesk.pagecache.version import PageVersion, stored_number
from tests.factories import make_cause, make_faq_entry, make_guide, make_symptom
from tests.pagecache.asking import Server

pytestmark = pytest.mark.django_db(transaction=True)

GUIDE = "/guides/login/"


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def symptom() -> Symptom:
    causes = [make_cause(slug="first", title="First?"), make_cause(slug="second", title="Second?")]
    return make_symptom(guide=make_guide(slug="login", title="Cannot log in"), slug="nothing", causes=causes)


def test_page_is_made_once_and_is_the_same(server: Server, symptom: Symptom, client: Any) -> None:
    first, second = server.ask(GUIDE), server.ask(GUIDE)
    assert first == second
    assert (first[0], server.asked) == (200, 1)
    assert first[2] == client.get(GUIDE, headers={"host": "localhost"}).content
    assert first[1]["Cache-Control"] == cache_control(0)
    assert first[1]["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", None),
        ("", None),
        ("br;q=nonsense", None),
        ("x" * 5_000, None),
    ],
)
def test_page_comes_packed_as_the_browser_takes_it(
    server: Server, symptom: Symptom, accepted: str, coding: str | None
) -> None:
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[coding]
    plain = server.ask(GUIDE)
    _, headers, content = server.ask(GUIDE, accept_encoding=accepted)
    assert (headers.get("Content-Encoding"), unpack(content)) == (coding, plain[2])
    assert headers["Content-Length"] == str(len(content))
    assert headers["Vary"] == "Accept-Encoding"


def test_page_that_is_still_the_same_is_not_sent_again(server: Server, symptom: Symptom) -> None:
    tags = {server.ask(GUIDE, accept_encoding=coding)[1]["ETag"] for coding in ("br", "gzip", "")}
    assert len(tags) == 3
    tag = server.ask(GUIDE, accept_encoding="br")[1]["ETag"]
    for condition in (tag, f'"other", W/{tag}', "*"):
        status, headers, content = server.ask(GUIDE, accept_encoding="br", if_none_match=condition)
        assert (status, content, headers["ETag"]) == (304, b"", tag)
        assert "Content-Length" not in headers
    assert server.ask(GUIDE, accept_encoding="gzip", if_none_match=tag)[0] == 200


def test_head_has_the_headers_and_does_not_spoil_the_page(server: Server, symptom: Symptom) -> None:
    status, headers, content = server.ask(GUIDE, method="HEAD")
    assert (status, content) == (200, b"")
    got = server.ask(GUIDE, range="bytes=0-3", if_modified_since="Mon, 01 Jan 2035 00:00:00 GMT")
    assert (got[0], got[1]["Content-Length"]) == (200, headers["Content-Length"])
    assert len(got[2]) == int(headers["Content-Length"])
    assert server.asked == 1


def test_unknown_parameters_neither_split_nor_reach_the_page(server: Server, symptom: Symptom) -> None:
    plain = server.ask(GUIDE)
    for query in ("utm_source=mail", "cb=1&cb=2", "q=%3Cscript%3E"):
        assert server.ask(GUIDE, query=query) == plain
    assert server.asked == 1


def test_answers_of_a_walk_make_pages_of_their_own(server: Server, symptom: Symptom) -> None:
    page = "/guides/login/nothing/check/second/"
    without, answered = server.ask(page), server.ask(page, query="no=first")
    assert without != answered
    assert server.ask(page, query="utm=1&no=first") == answered
    assert server.asked == 2


def test_redirect_takes_its_parameters_along_and_is_not_kept(server: Server, symptom: Symptom) -> None:
    Guide.objects.update(slug="renamed")
    server.tell_all()
    for _ in range(2):
        status, headers, _content = server.ask(GUIDE, query="utm_source=mail")
        assert (status, headers["Location"]) == (301, "/guides/renamed/?utm_source=mail")


@pytest.mark.parametrize("path", ["/guides/none-such/", "/faq/none-such/", "/nothing/", "/guides/login"])
def test_what_is_not_there_is_not_kept(server: Server, symptom: Symptom, path: str) -> None:
    server.ask(path)
    assert server.cache.pages.entries == {}


def test_hosts_have_pages_of_their_own_and_foreign_ones_none(server: Server, symptom: Symptom) -> None:
    assert server.ask(GUIDE, host="127.0.0.1")[2] != server.ask(GUIDE, host="localhost")[2]
    assert server.ask(GUIDE, host="evil.example")[0] == 400
    assert {key.host for key in server.cache.pages.entries} == {"127.0.0.1", "localhost"}


def _loaded() -> None:
    call_command("loaddata", "contact_points", verbosity=0)


CHANGES = {
    "save": lambda: Guide.objects.get().save(),
    "update": lambda: Symptom.objects.update(title="Otherwise"),
    "bulk_update": lambda: Resolution.objects.bulk_update(Resolution.objects.all(), ["title"]),
    "bulk_create": lambda: ContactPoint.objects.bulk_create([ContactPoint(slug="x", name="X", purpose="X")]),
    "delete": lambda: Check.objects.first().delete(),
    "loaddata": _loaded,
    "related": lambda: FaqEntry.objects.get().related_symptoms.add(Symptom.objects.get()),
    "sql": lambda: connection.cursor().execute("UPDATE guides_cause SET minutes = minutes + 1"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_moves_the_version_once_it_is_there(server: Server, symptom: Symptom, change: Any) -> None:
    make_faq_entry()
    before = stored_number()
    with transaction.atomic():
        change()
        transaction.set_rollback(True)
    assert stored_number() == before
    change()
    assert stored_number() != before


def test_change_is_seen_after_a_second_and_at_once_by_who_made_it(server: Server, symptom: Symptom) -> None:
    server.ask(GUIDE)
    Guide.objects.update(title="Otherwise")
    assert b"Otherwise" not in server.ask(GUIDE)[2]  # the second is not over
    server.cache.poller.asked_at -= 1
    assert b"Otherwise" in server.ask(GUIDE)[2]
    Guide.objects.update(title="Once more")
    server.ask("/admin/login/", method="POST")
    assert b"Once more" in server.ask(GUIDE)[2]


def test_other_process_of_the_server_sees_it_at_once(server: Server, symptom: Symptom) -> None:
    server.ask(GUIDE)
    Guide.objects.update(title="Otherwise")
    sibling = Server()
    sibling.cache.changes.memory = server.cache.changes.memory  # as after branching off
    sibling.ask("/admin/login/", method="POST")
    assert b"Otherwise" in server.ask(GUIDE)[2]


def test_page_that_did_not_change_is_not_packed_again(server: Server, symptom: Symptom) -> None:
    server.ask(GUIDE)
    (kept,) = server.cache.pages.entries.values()
    ContactPoint.objects.create(slug="x", name="X", purpose="X").delete()
    server.tell_all()
    server.ask(GUIDE)
    (again,) = server.cache.pages.entries.values()
    assert (again.page is kept.page, again.version == kept.version) == (True, False)


def test_page_appears_and_goes_at_its_moment(server: Server, symptom: Symptom) -> None:
    soon = timezone.now() + timedelta(seconds=0.8)
    make_symptom(guide=symptom.guide, title="Coming", publish_at=soon, archive_at=soon + timedelta(seconds=0.8))
    server.tell_all()
    seen = []
    while timezone.now() < soon + timedelta(seconds=1.5):
        moment = timezone.now()
        there = b"Coming" in server.ask(GUIDE)[2]
        if timezone.now() - moment < timedelta(milliseconds=100):
            seen.append((moment, there))
    shown = [moment for moment, there in seen if there]
    assert soon - timedelta(milliseconds=100) <= shown[0] <= soon + timedelta(milliseconds=500)
    assert soon + timedelta(milliseconds=600) <= shown[-1] <= soon + timedelta(milliseconds=1_300)
    assert server.asked <= 6


def test_draft_is_never_kept(server: Server) -> None:
    make_symptom(published=False, guide=make_guide(slug="login"), slug="secret", title="Secret")
    assert server.ask("/guides/login/secret/")[0] == 404
    assert b"Secret" not in server.ask(GUIDE)[2]


def test_pages_never_take_more_than_their_room(symptom: Symptom) -> None:
    server = Server(most_bytes=60_000)
    for checks in ("", "no=first", "no=second", "no=first,second", "skip=first", "skip=second"):
        for page in ("contact/", "check/first/", "check/second/"):
            server.ask(f"/guides/login/nothing/{page}", query=checks)
    cache = server.cache.pages
    assert 0 < cache.bytes <= 60_000
    assert cache.bytes == sum(kept.page.size + sum(map(len, key)) for key, kept in cache.entries.items())


def test_page_that_was_not_asked_for_longest_goes_first() -> None:
    kept = CacheEntry(PageVersion(1), StoredPage([], b"x" * 100))
    keys = {name: PageKey("http", "localhost", f"/{name}", "") for name in "abcd"}
    cache = LRUCache(most_bytes=3 * (kept.page.size + sum(map(len, keys["a"]))))
    for name in "abc":
        cache.put(keys[name], kept)
    cache.get(keys["a"])
    cache.put(keys["d"], kept)
    assert list(cache.entries) == [keys["c"], keys["a"], keys["d"]]


def test_without_a_version_nothing_is_kept(server: Server, symptom: Symptom) -> None:
    connection.cursor().execute("DELETE FROM pagecache_contentversion")
    assert server.ask(GUIDE)[0] == 200
    assert server.cache.pages.entries == {}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.text(max_size=40),
    query=st.text(max_size=60),
    accepted=st.text(alphabet=st.characters(codec="latin-1"), max_size=40),
)
def test_whatever_is_asked_is_answered_and_the_page_stays_whole(path: str, query: str, accepted: str) -> None:
    server = Server()
    environ_path = f"/guides/{path}".encode().decode("latin-1")
    status, _, _ = server.ask(environ_path, query=query.encode().decode("latin-1"), accept_encoding=accepted)
    assert status < 500
    assert server.ask("/", accept_encoding=accepted)[0] == 200


def test_status_of_a_post_is_said_before_its_answer_is_read(server: Server, symptom: Symptom) -> None:
    said: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": f"{GUIDE}nothing/check/first/",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": "0",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }
    answered: Any = server.cache(environ, lambda status, headers, *rest: said.append(status))
    assert len(said) == 1
    answered.close()
