"""With ADMIN_NETWORKS, staff's pages are there for these networks, and nothing is there for anybody else."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from helpdesk.environment import WrongSetting, networks
from tests.accounts.staff_people import make_user, signed_in

pytestmark = pytest.mark.django_db

OFFICE = "10.1.2.3"
PATHS = ("/admin/", "/admin", "/admin/login/", "/admin/guides/guide/", "/admin/preview/", "/admin/nowhere/")


@pytest.fixture(autouse=True)
def _networks(settings: Any) -> None:
    settings.ADMIN_NETWORKS = networks({"X": "10.0.0.0/8, 2001:db8::/32"}, "X")


def looks_like(response: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    return response.status_code, response.content, dict(response.headers)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
def test_elsewhere_staffs_pages_are_like_nothing(path: str, method: str) -> None:
    for client in (Client(), signed_in(make_user(superuser=True))):
        nothing = getattr(client, method)("/guides/no-such-page/" if method == "get" else "/no-such-page")
        found = getattr(client, method)(path, REMOTE_ADDR="192.0.2.1")
        assert found.status_code == 404
        if method == "get":
            assert looks_like(found)[0] == looks_like(nothing)[0]
            assert not found.cookies
            assert b"Sign in" not in found.content


@pytest.mark.parametrize("sender", [OFFICE, "2001:db8::1", f"::ffff:{OFFICE}"])
def test_inside_they_are_there(sender: str) -> None:
    assert Client().get("/admin/login/", REMOTE_ADDR=sender).status_code == 200
    assert signed_in(make_user(superuser=True)).get("/admin/", REMOTE_ADDR=sender).status_code == 200


@pytest.mark.parametrize("sender", ["", "unknown", "10.1.2.3.4", "::1", "11.0.0.1"])
def test_sender_that_is_in_no_network_is_elsewhere(sender: str) -> None:
    assert Client().get("/admin/login/", REMOTE_ADDR=sender).status_code == 404


def test_forged_forwarding_header_does_not_let_in(settings: Any) -> None:
    forged = {"REMOTE_ADDR": "192.0.2.1", "headers": {"X-Forwarded-For": f"{OFFICE}, {OFFICE}"}}
    assert Client().get("/admin/login/", **forged).status_code == 404
    settings.TRUSTED_PROXIES = 1
    seen_by_proxy = {"X-Forwarded-For": f"{OFFICE}, 192.0.2.1"}
    assert Client().get("/admin/login/", REMOTE_ADDR="127.0.0.1", headers=seen_by_proxy).status_code == 404
    seen_by_proxy = {"X-Forwarded-For": f"192.0.2.1, {OFFICE}"}
    assert Client().get("/admin/login/", REMOTE_ADDR="127.0.0.1", headers=seen_by_proxy).status_code == 200


@pytest.mark.parametrize("said", ["", OFFICE, f"192.0.2.1, {OFFICE}"])
def test_request_that_came_past_a_proxy_comes_from_nowhere(settings: Any, said: str) -> None:
    """The connection is the other proxy's, which may well be inside."""
    settings.TRUSTED_PROXIES = 3
    headers = {"X-Forwarded-For": said} if said else {}
    assert Client().get("/admin/login/", REMOTE_ADDR=OFFICE, headers=headers).status_code == 404


def test_public_pages_are_there_for_everybody() -> None:
    assert Client().get("/", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_no_network_named_is_everywhere(settings: Any) -> None:
    settings.ADMIN_NETWORKS = networks({}, "X")
    assert Client().get("/admin/login/", REMOTE_ADDR="192.0.2.1").status_code == 200


def test_setting_is_networks_or_refused() -> None:
    assert networks({"X": "10.0.0.1 , ::1/128,"}, "X") == (ip_network("10.0.0.1/32"), ip_network("::1/128"))
    for wrong in ("10.0.0.1/8", "office", "10.0.0.0/33", "10.0.0.0-10.0.0.9"):
        with pytest.raises(WrongSetting, match="X must be networks with commas between them"):
            networks({"X": wrong}, "X")
