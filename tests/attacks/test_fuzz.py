"""Every address, header and form with what nobody expects: one example each, always the same ones.

`python -m tests.attacks.fuzz --examples 5000` tries that many more, and others each time.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.accounts.addresses import ADDRESSES
from tests.accounts.staff_people import make_user, signed_in
from tests.accounts.test_every_admin_address import World
from tests.attacks import fuzz, surface

pytestmark = pytest.mark.django_db


@pytest.fixture
def addresses() -> list[surface.Address]:
    return list(surface.addresses(World()))


@pytest.fixture(params=["visitor", "superuser"])
def client(request: pytest.FixtureRequest) -> Client:
    return Client() if request.param == "visitor" else signed_in(make_user(superuser=True))


def how_many(request: pytest.FixtureRequest, things: int) -> dict[str, Any]:
    """The share of each thing in the number that was asked for, and whether it is more than the suite's."""
    asked = request.config.getoption("--fuzz-examples")
    return {"examples": max(1, asked // things), "deep": bool(asked)}


def test_surface_is_read_from_the_code(addresses: list[surface.Address]) -> None:
    names = {address.name for address in addresses}
    assert {"help:home", "help:handoff", "search", "opened", "picture", "healthz", *ADDRESSES} <= names
    assert {"q", "guide", "words", "answer", "number", "by"} <= set(surface.parameters())
    assert {"Origin", "Sec-Fetch-Site", "X-Forwarded-For", "User-Agent", "Sec-Purpose"} <= {*surface.headers()}
    symptom = next(address for address in addresses if address.name == "help:symptom")
    assert [is_argument for _, is_argument in symptom.pieces] == [False, False, True, True, False]


def test_address_is_answered_whatever_is_asked(
    client: Client, addresses: list[surface.Address], request: pytest.FixtureRequest
) -> None:
    for address in addresses:
        if client.cookies or not address.path.startswith("/admin/"):
            fuzz.try_address(client, address, **how_many(request, len(addresses)))


def test_staffs_address_is_closed_whatever_is_asked(
    addresses: list[surface.Address], request: pytest.FixtureRequest
) -> None:
    staffs = [address for address in addresses if address.path.startswith("/admin/")]
    # That all of them are closed has a test of its own (tests/accounts); the suite tries every fifth in strange ways.
    for address in staffs[:: 1 if request.config.getoption("--fuzz-examples") else 5]:
        fuzz.try_address(Client(), address, **how_many(request, len(staffs)))


def test_form_is_answered_whatever_is_sent(
    client: Client, addresses: list[surface.Address], request: pytest.FixtureRequest
) -> None:
    found = fuzz.forms(client, addresses)
    assert len(found) > (50 if client.cookies else 3)
    for form in found:
        fuzz.try_form(client, form, **how_many(request, len(found)))
