"""A finished page on its way to the server."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.pagecache.layer import respond
from helpdesk.pagecache.stored_page import StoredPage

PAGE = StoredPage([("Content-Type", "text/html"), ("Cache-Control", "public"), ("X-Frame-Options", "DENY")], b"x" * 300)


def answered(method: str = "GET", **headers: str) -> tuple[str, dict[str, str], Any]:
    said: list[Any] = []
    environ = {"REQUEST_METHOD": method} | {f"HTTP_{name}": value for name, value in headers.items()}
    body = respond(PAGE, environ, lambda status, headers: said.extend((status, dict(headers))))
    return said[0], said[1], body


def test_page_is_handed_over_as_a_list_which_the_server_sends_whole() -> None:
    tag = answered()[1]["ETag"]
    bodies = [answered()[2], answered("HEAD")[2], answered(IF_NONE_MATCH=tag)[2]]
    assert bodies == [[b"x" * 300], [], []]


def test_304_has_what_a_cache_needs_to_keep_what_it_has_and_no_more() -> None:
    tag = answered()[1]["ETag"]
    status, headers, _ = answered(IF_NONE_MATCH=tag)
    assert status == "304 Not Modified"
    assert headers == {"ETag": tag, "Vary": "Accept-Encoding", "Cache-Control": "public"}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", None),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("*", "br"),
        ("identity, *;q=0", None),
        ("br" * 400, None),
    ],
)
def test_smallest_form_that_is_taken_is_sent(accepted: str, coding: str | None) -> None:
    for _ in range(2):  # what was asked for once is known
        assert answered(ACCEPT_ENCODING=accepted)[1].get("Content-Encoding") == coding
