"""What the real server makes of requests that no browser sends: one refusal, and nothing that follows is read."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attacks import wire
from tests.attacks.kinds import request
from tests.attacks.payloads import ELSEWHERE, MARK
from tests.serving import Server

# A second request, hidden in what one of two programs takes for the body of the first.
HIDDEN = b"0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
FRAMINGS: dict[str, tuple[tuple[str, ...], int]] = {
    # RFC 9112, 6.1: the coding counts, and the connection ends. The form is answered as an empty one is.
    "length and coding": (("Content-Length: 4", "Transfer-Encoding: chunked"), 422),
    "two lengths": (("Content-Length: 4", "Content-Length: 60"), 400),
    "two lengths in one": (("Content-Length: 4, 60",), 400),
    "length with a sign": (("Content-Length: +4",), 400),
    "length below nothing": (("Content-Length: -1",), 400),
    "length in other digits": (("Content-Length: 0x10",), 400),
    "length beyond all": (("Content-Length: " + "9" * 40,), 400),
    "unknown coding": (("Transfer-Encoding: xchunked", "Content-Length: 4"), 400),
    "blank before the colon": (("Transfer-Encoding : chunked", "Content-Length: 4"), 400),
    "two codings": (("Transfer-Encoding: chunked", "Transfer-Encoding: identity"), 400),
    "coding that does not end it": (("Transfer-Encoding: chunked, identity",), 400),
}
REQUESTS: dict[str, tuple[bytes, set[int]]] = {
    "foreign host": (request("GET", "/", host=ELSEWHERE), {400}),
    "two hosts": (request("GET", "/", f"Host: {ELSEWHERE}"), {400}),
    "no host": (request("GET", "/", host=None), {400}),
    "rubbish for a port": (request("GET", "/", host="localhost:x"), {400}),
    "echo": (request("TRACE", "/", f"X-Echo: {MARK}"), {405}),
    "tunnel": (request("CONNECT", "localhost:80"), {405}),
    "method of 300 letters": (request("A" * 300, "/"), {405}),
    "method of file servers": (request("PROPFIND", "/"), {405}),
    "path of 8 kB": (request("GET", "/" + "a" * 8_000), {404}),
    "bytes that are no text": (request("GET", "/%ff%fe"), {404}),
    "nothing for a letter": (request("GET", "/%00"), {404}),
    "1,500 parameters": (request("GET", "/?" + "&".join(f"a{number}=1" for number in range(1_500))), {200}),
    "700 cookies": (request("GET", "/", "Cookie: " + "; ".join(f"c{number}=1" for number in range(700))), {200}),
    "header of 2 MB": (request("GET", "/", "X: " + "a" * 2_000_000), {0, 431}),
    "chunk without a size": (request("POST", "/search/", "Transfer-Encoding: chunked") + b"zz\r\nabc\r\n", {400, 422}),
}


@pytest.mark.parametrize("name", FRAMINGS)
def test_request_hidden_in_a_body_is_never_answered(name: str, attacked: tuple[Server, Path]) -> None:
    lines, status = FRAMINGS[name]
    sent = request("POST", "/search/", *lines).replace(b"Connection: close\r\n", b"") + HIDDEN
    place = urlsplit(attacked[0].address)
    answers = b""
    with socket.create_connection((place.hostname, place.port), 60) as connection:
        connection.settimeout(60)
        connection.sendall(sent)
        while more := connection.recv(65536):  # to the end: the server has to close the connection
            answers += more
    assert answers.count(b"HTTP/1.1 ") == 1
    assert answers.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"/admin/" not in answers.partition(b"\r\n\r\n")[0]


@pytest.mark.parametrize("name", REQUESTS)
def test_request_that_no_browser_sends_is_refused_or_harmless(name: str, attacked: tuple[Server, Path]) -> None:
    sent, statuses = REQUESTS[name]
    answer = wire.send(attacked[0].address, (sent,))
    assert answer.status in statuses
    assert MARK.encode() not in answer.body
    assert ELSEWHERE.encode() not in answer.body


def test_address_with_a_foreign_host_leads_nowhere_else(attacked: tuple[Server, Path]) -> None:
    """An address as proxies send it. What counts is the Host header, which is ours."""
    answer = wire.send(attacked[0].address, (request("GET", f"http://{ELSEWHERE}/"),))
    assert answer.status in (200, 400)
    assert ELSEWHERE.encode() not in answer.body
    assert ELSEWHERE not in answer.head


LYING_ABOUT = (
    *("/.env", "/.git/config", "/portal.sqlite3", "/secret_key", "/metrics", "/__debug__/", "/openapi.json"),
    *("/static/", "/media/", "/static/../portal.sqlite3", "/media/..%2fsecret_key", "/static/%2e%2e/secret_key"),
)


@pytest.mark.parametrize("path", LYING_ABOUT)
def test_what_should_not_lie_about_does_not(path: str, attacked: tuple[Server, Path]) -> None:
    assert wire.send(attacked[0].address, (request("GET", path),)).status in (400, 404)
