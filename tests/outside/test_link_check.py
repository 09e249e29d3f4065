"""Check of a link against web sites on this machine; no network is needed."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from helpdesk.outside import safe_http
from helpdesk.outside.link_check import LinkResult, check_link
from helpdesk.outside.safe_http import PoliteClient, is_public
from tests.outside.sites import Site, closed_port, self_signed, site

AGENT = "HelpPortalLinkCheck/1.0 (+https://help.example.com/)"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as server:
        yield server


def check(url: str, **options: Any) -> LinkResult:
    return check_link(url, PoliteClient(AGENT, **{"pause": 0.0, "may_connect": lambda address: True, **options}))


@pytest.mark.parametrize(
    ("path", "result", "methods"),
    [
        ("/200", LinkResult(200), "HEAD"),
        ("/get-only", LinkResult(200), "HEAD GET"),
        ("/endless", LinkResult(200), "HEAD GET"),
        ("/404", LinkResult(404, "http"), "HEAD GET"),
        ("/410", LinkResult(410, "http"), "HEAD GET"),
        ("/500", LinkResult(500, "http"), "HEAD GET"),
        ("/403", LinkResult(403), "HEAD GET"),
        ("/429", LinkResult(429), "HEAD"),
        ("/nonsense", LinkResult(None, "protocol"), "HEAD GET"),
        ("/301//200", LinkResult(200, "", "{url}/200"), "HEAD HEAD"),
        ("/308//302//200", LinkResult(200, "", "{url}/302//200"), "HEAD HEAD HEAD"),
        ("/302//301//200", LinkResult(200), "HEAD HEAD HEAD"),
        ("/301//404", LinkResult(404, "http"), "HEAD HEAD GET"),
        ("/301/ftp://example.com/", LinkResult(301, "redirects"), "HEAD"),
        ("/301", LinkResult(301, "redirects"), "HEAD"),
        ("/302/", LinkResult(302, "redirects"), "HEAD"),
    ],
)
def test_answer(web: Site, path: str, result: LinkResult, methods: str) -> None:
    expected = LinkResult(result.status, result.error, result.moved_to.format(url=web.url))
    assert check(f"{web.url}{path}#part") == expected
    assert [method for method, *_rest in web.requests] == methods.split()
    assert {agent for *_rest, agent in web.requests} == {AGENT}


@pytest.mark.parametrize(("address", "asked"), [("", "/"), ("?a=1", "/?a=1"), ("/200?a#b", "/200?a")])
def test_server_is_asked_for_path_and_query(web: Site, address: str, asked: str) -> None:
    check(web.url + address)
    assert {path for _method, path, _agent in web.requests} == {asked}


def test_redirects_without_end_are_given_up(web: Site) -> None:
    path = "/302/" + "/302/" * 9
    assert check(f"{web.url}{path}").error == "redirects"
    assert len(web.requests) <= 6


@pytest.mark.parametrize(("path", "step", "whole"), [("/hangs", 0.2, 9.0), ("/drips", 9.0, 0.3)])
def test_silence_and_single_bytes_end_in_time(
    web: Site, monkeypatch: pytest.MonkeyPatch, path: str, step: float, whole: float
) -> None:
    monkeypatch.setattr(safe_http, "STEP_SECONDS", step)
    monkeypatch.setattr(safe_http, "REQUEST_SECONDS", whole)
    assert check(web.url + path) == LinkResult(error="timeout")


def test_nobody_there_and_wrong_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(f"http://127.0.0.1:{closed_port()}/") == LinkResult(error="connection")
    assert check("https://nothing.invalid/") == LinkResult(error="dns")
    certificate = self_signed(tmp_path)
    with site(certificate=certificate) as secure:
        url = f"https://localhost:{secure.server_port}/200"
        assert check(url) == LinkResult(error="certificate")
        monkeypatch.setattr(safe_http, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))
        assert check(url) == LinkResult(200)
        assert check(url.replace("localhost", "127.0.0.1")) == LinkResult(error="certificate")


# Private networks


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1"),
        *("2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b:1::10.0.0.1",
        "fec0::1",
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_loopback_is_refused_however_it_is_written(web: Site, host: str) -> None:
    assert check(f"http://{host}:{web.server_port}/200", may_connect=is_public) == LinkResult(error="private")
    assert web.requests == []


def test_redirect_into_a_private_network_is_refused(web: Site) -> None:
    """127.0.0.2 stands for a public address."""
    with site("127.0.0.2") as public:
        result = check(f"{public.url}/302/{web.url}/200", may_connect=lambda ip: str(ip) != "127.0.0.1")
    assert result == LinkResult(error="private")
    assert (len(public.requests), web.requests) == (1, [])


def test_host_is_resolved_once_for_a_request(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers with a public address first, and a private one the next time."""
    with site("127.0.0.2") as public:
        answers = ["127.0.0.2", "127.0.0.1", "127.0.0.1"]
        real = socket.getaddrinfo

        def rebinding(host: str, *args: Any, **kwargs: Any) -> Any:
            return real(answers.pop(0) if host == "rebind.example" else host, *args, **kwargs)

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        url = f"http://rebind.example:{public.server_port}/200"
        assert check(url, may_connect=lambda ip: str(ip) != "127.0.0.1") == LinkResult(200)
        assert (len(public.requests), len(answers)) == (1, 2)


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_http, "resolve", lambda host, port: ["93.184.216.34", "10.0.0.1"])
    assert check("http://mixed.example/", may_connect=is_public) == LinkResult(error="private")


def test_requests_to_one_host_wait_for_each_other(web: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(safe_http, "sleep", waited.append)
    check(f"{web.url}/404", pause=30.0)
    assert len(waited) == 1
    assert waited[0] > 20
