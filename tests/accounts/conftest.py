"""A member of staff with a password, the browser of somebody who signs in, and a clock for codes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts import second_factor

PASSWORD = "four words in a row"
LOGIN = "/admin/login/"
CODE = "/admin/login/code/"


@pytest.fixture(autouse=True)
def _fresh_limits(request: Any) -> None:
    if "db" in request.fixturenames:
        cache.clear()


def make_person(name: str = "anna", role: str = "Editor", **values: Any) -> User:
    person = User.objects.create_user(name, password=PASSWORD, is_staff=True, **values)
    if role:
        person.groups.add(Group.objects.get(name=role))
    return person


def sign_in(client: Client, name: str = "anna", password: str = PASSWORD, **more: Any) -> HttpResponse:
    address = more.pop("REMOTE_ADDR", "192.0.2.1")
    return client.post(LOGIN, {"username": name, "password": password, **more}, REMOTE_ADDR=address)


def give_factor(person: User) -> tuple[TOTPDevice, list[str]]:
    """A second factor that is set up, with its recovery codes."""
    device = TOTPDevice.objects.create(user=person, name="app", confirmed=True)
    return device, second_factor.new_recovery_codes(person)


def code_of(device: TOTPDevice, *, steps: int = 0) -> str:
    """Return the code of the app now, or so many times thirty seconds later."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
