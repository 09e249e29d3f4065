"""Signing in with name and password: who comes in, what others are told, how guessing is slowed."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from helpdesk.accounts import throttling
from helpdesk.accounts.models import StaffEvent
from tests.accounts.conftest import LOGIN, PASSWORD, is_in, make_person, sign_in

pytestmark = pytest.mark.django_db

REFUSED = "Wrong user name or password."


def kinds() -> list[str]:
    return list(StaffEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_name_and_password_lead_to_the_page_that_was_asked_for() -> None:
    make_person()
    client = Client()
    asked = client.get("/admin/guides/guide/?q=x")
    assert asked.headers["Location"] == f"{LOGIN}?next=/admin/guides/guide/%3Fq%3Dx"
    assert client.get(asked.headers["Location"]).context["next"] == "/admin/guides/guide/?q=x"
    response = sign_in(client, next="/admin/guides/guide/?q=x")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/guides/guide/?q=x")
    assert is_in(client)
    assert client.get(LOGIN).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    "next_page",
    [
        "//evil.example",
        "https://evil.example/admin/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/",
        "\0",
        "/admin\n/x",
    ],
)
def test_way_on_leads_to_nobody_else(next_page: str) -> None:
    make_person()
    assert sign_in(Client(), next=next_page).headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", "wrong"),
        ("nobody", PASSWORD),
        ("closed", PASSWORD),
        ("customer", PASSWORD),
        ("late", PASSWORD),
        ("Anna", PASSWORD),
    ],
)
def test_whoever_does_not_come_in_is_told_the_same(name: str, password: str) -> None:
    from helpdesk.accounts.models import Account

    make_person()
    make_person("closed", is_active=False)
    User.objects.create_user("customer", password=PASSWORD)
    long_ago = timezone.now() - timedelta(days=8)
    Account.objects.create(user=make_person("late"), must_set_password=True, password_given_at=long_ago)
    response = sign_in(Client(), name, password)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()[0].startswith(REFUSED)
    assert password not in response.content.decode()


@pytest.mark.parametrize("name", ["", "x" * 151, "a\0b", "<script>", "ünï"])
@pytest.mark.parametrize("password", ["", "x" * 5000, "a\0b"])
def test_nonsense_is_answered_with_the_form(name: str, password: str) -> None:
    response = sign_in(Client(), name, password)
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_password_of_an_unknown_name_is_hashed_as_well(settings: Any, monkeypatch: Any) -> None:
    """The answer would come sooner for a name that nobody has, and so give away which ones somebody has."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    whole = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *args: (hashed.append("x"), whole(self, *args))[1])
    make_person()
    hashed.clear()
    counts = []
    for name in ("anna", "nobody"):
        sign_in(Client(), name, "wrong")
        counts.append(len(hashed))
        hashed.clear()
    assert counts == [1, 1]


def test_five_wrong_tries_have_to_wait_and_others_do_not() -> None:
    make_person()
    make_person("ben")
    client = Client()
    assert [sign_in(client, password="wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    asked_at = timezone.now()
    waiting = sign_in(client)
    assert (waiting.status_code, is_in(client)) == (429, False)
    until = AccessAttempt.objects.get().attempt_time + timedelta(minutes=15)
    shortest, longest = ((until - moment).total_seconds() for moment in (timezone.now(), asked_at))
    assert shortest - 1 <= int(waiting.headers["Retry-After"]) <= longest + 1
    assert f"Try again after {until:%-I:%M %p} (UTC)." in " ".join(waiting.content.decode().split())
    assert sign_in(Client(), "ben").status_code == 302
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.2").status_code == 302
    # Waiting is noted once, however often somebody tries.
    assert kinds() == ["sign-in-failed"] * 5 + ["locked-out"] + ["signed-in"] * 2


def test_another_address_or_browser_of_the_same_network_has_to_wait_as_well() -> None:
    make_person()
    for number in range(5):
        address, agent = f"2001:db8:0:1::{number + 1:x}", f"browser {number}"
        last = sign_in(Client(), password="wrong", REMOTE_ADDR=address, HTTP_USER_AGENT=agent)
    assert last.status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="2001:db8:0:1:ffff::1").status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="2001:db8:0:2::1").status_code == 302


@pytest.mark.parametrize("name", [" jürg ", "ju\u0308rg", "jürg\0"])
def test_name_typed_in_another_way_is_the_same(name: str) -> None:
    make_person("jürg")
    assert sign_in(Client(), name).status_code == (200 if "\0" in name else 302)
    codes = [sign_in(Client(), "jürg", "wrong").status_code for _ in range(5)]
    waiting = sign_in(Client(), name)
    assert (codes[-1], waiting.status_code) == (429, 429)
    assert int(waiting.headers["Retry-After"]) > 800


def test_unknown_names_have_to_wait_as_well() -> None:
    assert [sign_in(Client(), "nobody").status_code for _ in range(6)] == [200, 200, 200, 200, 429, 429]


def test_wait_ends_by_itself_and_success_forgets_wrong_tries() -> None:
    make_person()
    for _ in range(5):
        sign_in(Client(), password="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(Client()).status_code == 302
    assert AccessAttempt.objects.count() == 0
    for _ in range(4):
        sign_in(Client(), password="wrong")
    assert sign_in(Client()).status_code == 302
    assert sign_in(Client(), password="wrong").status_code == 200


def test_another_browser_does_not_dodge_the_wait() -> None:
    make_person()
    codes = [
        Client(HTTP_USER_AGENT=f"Browser {n}").post(LOGIN, {"username": "anna", "password": "x"}) for n in range(5)
    ]
    assert [response.status_code for response in codes] == [200, 200, 200, 200, 429]


def test_one_address_does_not_try_name_after_name(monkeypatch: Any) -> None:
    monkeypatch.setattr(throttling, "ADDRESS_FAILURE_LIMIT", 6)
    make_person()
    codes = [sign_in(Client(), f"name-{n}", "x").status_code for n in range(7)]
    assert codes == [200, 200, 200, 200, 200, 429, 429]
    assert sign_in(Client()).status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="192.0.2.2").status_code == 302
    assert kinds().count("locked-out") == 1


@pytest.mark.parametrize("forwarded", ["192.0.2.{}, 10.0.0.1", "unknown, 10.0.0.1"])
def test_forged_forwarding_header_does_not_dodge_the_wait(forwarded: str, settings: Any) -> None:
    make_person()

    def codes() -> list[int]:
        AccessAttempt.objects.all().delete()
        data = {"username": "anna", "password": "x"}
        return [Client().post(LOGIN, data, HTTP_X_FORWARDED_FOR=forwarded.format(n)).status_code for n in range(5)]

    assert codes()[-1] == 429
    settings.TRUSTED_PROXIES = 1
    assert codes()[-1] == 429
    settings.TRUSTED_PROXIES = 2
    assert codes()[-1] == (200 if "{}" in forwarded else 429)


def test_log_has_neither_passwords_nor_names_nor_what_was_typed_for_one(caplog: Any) -> None:
    anna = make_person()
    with caplog.at_level(logging.DEBUG, "helpdesk.accounts"):
        sign_in(Client(), "anna", "secret-one")
        sign_in(Client(), "my-password\nforged line", "secret-two")
        sign_in(Client())
    assert [record.getMessage() for record in caplog.records if record.name == "helpdesk.accounts"] == [
        f"sign-in-failed: account {anna.pk} from 192.0.2.0/24 ",
        "sign-in-failed: a name that nobody has from 192.0.2.0/24 ",
        f"signed-in: account {anna.pk} from 192.0.2.0/24 ",
    ]
    rows = StaffEvent.objects.order_by("pk").values_list("kind", "user__username", "network", "detail")
    assert list(rows) == [
        ("sign-in-failed", "anna", "192.0.2.0/24", ""),
        ("sign-in-failed", None, "192.0.2.0/24", ""),
        ("signed-in", "anna", "192.0.2.0/24", ""),
    ]
    kept = " ".join(map(str, AccessAttempt.objects.values_list("post_data", "get_data")))
    assert "secret" not in kept


def test_old_guesses_are_forgotten_and_everything_else_is_kept() -> None:
    make_person()
    old = timezone.now() - timedelta(days=91)
    for kind in ("sign-in-failed", "locked-out", "role-changed"):
        StaffEvent.objects.create(kind=kind, moment=old)
    sign_in(Client())
    assert kinds() == ["role-changed", "signed-in"]


def test_sign_in_page_is_kept_by_nobody_and_needs_its_token() -> None:
    page = Client().get(LOGIN)
    assert "no-store" in page.headers["Cache-Control"]
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(LOGIN, {"username": "anna", "password": PASSWORD}).status_code == 403


def test_sign_out_ends_the_session() -> None:
    make_person()
    client = Client()
    sign_in(client)
    page = client.post("/admin/logout/")
    assert "You're logged out" in page.content.decode()
    assert not is_in(client)
    assert kinds() == ["signed-in", "signed-out"]


def test_public_pages_know_nothing_of_it(client: Client, django_assert_num_queries: Any) -> None:
    for _ in range(6):
        sign_in(client, "nobody")
    client.cookies["sessionid"] = "guessed"
    with django_assert_num_queries(0):
        assert client.get("/healthz", REMOTE_ADDR="192.0.2.1").status_code == 200
    response = client.get("/contact/", REMOTE_ADDR="192.0.2.1")
    assert (response.status_code, dict(response.cookies), response.headers.get("Vary")) == (200, {}, "Accept-Encoding")
