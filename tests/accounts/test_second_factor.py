"""The second factor: set up, asked for, used up, lost; and required of everybody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts import second_factor
from helpdesk.accounts.admin.log import StaffEventAdmin
from helpdesk.accounts.models import StaffEvent
from helpdesk.accounts.second_factor import in_groups
from helpdesk.web.qr import qr_code
from tests.accounts.conftest import CODE, PASSWORD, code_of, give_factor, is_in, make_person, sign_in
from tests.accounts.staff_people import signed_in

pytestmark = pytest.mark.django_db

FACTOR = "/admin/second-factor/"
SET_UP = f"{FACTOR}set-up/"


def forget_wrong_codes() -> None:
    """The wait after a wrong code is over."""
    for model in (TOTPDevice, StaticDevice):
        model.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def half_way(person: User) -> Client:
    """The browser of somebody whose password was right."""
    client = Client()
    assert sign_in(client, person.username).templates[0].name == "accounts/code.html"
    return client


def enter(client: Client, code: str) -> Any:
    return client.post(CODE, {"code": code}, REMOTE_ADDR="192.0.2.1")


def test_factor_is_set_up_with_a_code_of_the_app() -> None:
    person = make_person()
    client, other = signed_in(person), signed_in(person)
    assert client.get(SET_UP).headers["Location"] == FACTOR
    assert client.post(FACTOR).headers["Location"] == SET_UP
    page = client.get(SET_UP).content.decode()
    device = TOTPDevice.objects.get()
    assert in_groups(device.bin_key) in page
    assert qr_code(device.config_url).path in page
    assert "style=" not in page
    assert "That code isn&#x27;t valid." in client.post(SET_UP, {"code": "000000"}).content.decode()
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    forget_wrong_codes()
    done = client.post(SET_UP, {"code": code_of(device)})
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", done.content.decode())
    assert (len(set(codes)), "no-store" in done.headers["Cache-Control"]) == (10, True)
    assert TOTPDevice.objects.get().confirmed
    assert is_in(client)
    assert not is_in(other)
    assert StaffEvent.objects.order_by("-pk")[0].kind in ("factor-added", "session-ended")


def test_password_alone_opens_nothing_any_more() -> None:
    person = make_person()
    give_factor(person)
    client = half_way(person)
    assert not is_in(client)
    assert client.get("/admin/preview/").status_code == 302
    assert StaffEvent.objects.filter(kind="signed-in").count() == 0


def test_code_lets_in_and_works_once() -> None:
    person = make_person()
    device, _ = give_factor(person)
    code = code_of(device)
    client = half_way(person)
    assert enter(client, f" {code[:3]} {code[3:]} ").status_code == 302
    assert is_in(client)
    again = half_way(person)
    assert "That code isn&#x27;t valid." in enter(again, code).content.decode()
    forget_wrong_codes()
    assert enter(again, code_of(device, steps=1)).status_code == 302
    assert is_in(again)


def test_recovery_code_lets_in_once_and_is_kept_as_nobody_can_read_it() -> None:
    person = make_person()
    _, codes = give_factor(person)
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert stored & {code.replace("-", "") for code in codes} == set()
    client = half_way(person)
    assert enter(client, codes[0].upper().replace("-", " ")).status_code == 302
    assert is_in(client)
    assert second_factor.recovery_codes_left(person) == 9
    event = StaffEvent.objects.get(kind="code-used")
    assert json.loads(event.detail) == {"code": "recovery-codes-left", "values": {"left": 9}}
    for detail in (event.detail, "9 left"):  # rows of earlier versions have the words themselves
        assert StaffEventAdmin(StaffEvent, admin.site).more(StaffEvent(kind="code-used", detail=detail)) == "9 left"
    again = half_way(person)
    assert enter(again, codes[0]).status_code == 200
    assert not is_in(again)


def test_wrong_codes_are_slowed_and_counted_like_wrong_passwords() -> None:
    person = make_person()
    device, codes = give_factor(person)
    client = half_way(person)
    assert enter(client, "000000").status_code == 200
    # For a second after a wrong code not even the right one is looked at; a recovery code has a wait of its own.
    assert enter(client, code_of(device)).status_code == 200
    assert [enter(client, "000000").status_code for _ in range(3)] == [200, 200, 429]
    forget_wrong_codes()
    assert enter(client, code_of(device)).status_code == 429
    assert sign_in(Client()).status_code == 429
    assert enter(client, codes[0]).status_code == 429
    assert not is_in(client)
    assert StaffEvent.objects.filter(kind="locked-out", user=person).count() == 1


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "١٢٣٤٥٦", "a\0b", "x" * 31, "<script>", "-1", "0x1234", "1e5"]
)
def test_nonsense_is_no_code(code: str) -> None:
    person = make_person()
    give_factor(person)
    client = half_way(person)
    response = enter(client, code)
    assert (response.status_code, is_in(client)) == (200, False)
    assert "<script>" not in response.content.decode()


def test_half_a_sign_in_lasts_ten_minutes_and_not_past_a_new_password(settings: Any) -> None:
    person = make_person()
    device, _ = give_factor(person)
    client = half_way(person)
    session = client.session
    session["half-signed-in"][2] -= 601
    session.save()
    assert enter(client, code_of(device)).templates[0].name == "accounts/sign_in.html"
    client = half_way(person)
    person.set_password("another one altogether")
    person.save()
    assert enter(client, code_of(device)).templates[0].name == "accounts/sign_in.html"
    assert not is_in(client)
    assert Client().post(CODE, {"code": "123456"}).templates[0].name == "accounts/sign_in.html"


def test_code_of_somebody_else_is_none() -> None:
    anna, ben = make_person(), make_person("ben")
    give_factor(anna)
    bens, codes = give_factor(ben)
    client = half_way(anna)
    assert enter(client, code_of(bens)).status_code == 200
    forget_wrong_codes()
    assert enter(client, codes[0]).status_code == 200
    assert not is_in(client)


def in_with_code(person: User) -> tuple[Client, TOTPDevice, list[str]]:
    device, codes = give_factor(person)
    client = half_way(person)
    assert enter(client, code_of(device)).status_code == 302
    return client, device, codes


@pytest.mark.parametrize("what", ["codes", "remove"])
def test_change_of_a_factor_needs_password_and_code(what: str) -> None:
    person = make_person()
    client, device, codes = in_with_code(person)

    def ask(password: str, code: str) -> Any:
        return client.post(f"{FACTOR}{what}/", {"password": password, "code": code})

    before = set(StaticToken.objects.values_list("token", flat=True))
    assert ask("wrong", code_of(device, steps=1)).context["form"].errors.keys() == {"password"}
    assert ask(PASSWORD, "000000").context["form"].errors.keys() == {"code"}
    assert ask("", "").context["form"].errors.keys() == {"password", "code"}
    assert set(StaticToken.objects.values_list("token", flat=True)) == before
    forget_wrong_codes()
    done = ask(PASSWORD, codes[0])
    assert set(StaticToken.objects.values_list("token", flat=True)) & before == set()
    if what == "codes":
        assert len(done.context["codes"]) == 10
        assert TOTPDevice.objects.count() == 1
    else:
        assert (TOTPDevice.objects.count(), StaticDevice.objects.count()) == (0, 0)
        assert is_in(client)
    assert StaffEvent.objects.order_by("-pk")[0].kind == {"codes": "codes-made", "remove": "factor-removed"}[what]


def test_open_browser_does_not_help_to_guess_the_password() -> None:
    client, _, _ = in_with_code(make_person())
    sent = [client.post(f"{FACTOR}remove/", {"password": "x", "code": "000000"}).status_code for _ in range(5)]
    assert sent == [200, 200, 200, 200, 429]


def test_second_app_takes_no_place_of_the_first_by_itself() -> None:
    client, device, _ = in_with_code(make_person())
    client.post(FACTOR)
    assert list(TOTPDevice.objects.all()) == [device]
    assert client.get(SET_UP).headers["Location"] == FACTOR


EVERY_SORT = (
    "/admin/",
    "/admin/guides/guide/",
    "/admin/autocomplete/",
    "/admin/preview/",
    "/admin/styleguide/",
    "/admin/account/",
    "/admin/jsi18n/",
)


def test_required_factor_has_to_be_set_up_before_anything_opens(settings: Any) -> None:
    settings.REQUIRE_2FA = True
    person = make_person()
    client = Client()
    sign_in(client)
    assert {client.get(path).headers.get("Location") for path in EVERY_SORT} == {FACTOR}
    assert client.post("/admin/markdown/preview/", {"text": "x"}).headers["Location"] == FACTOR
    assert "This portal requires two-factor authentication." in client.get(FACTOR).content.decode()
    client.post(FACTOR)
    assert client.post(SET_UP, {"code": code_of(TOTPDevice.objects.get(user=person))}).status_code == 200
    assert is_in(client)
    assert client.get("/admin/styleguide/").status_code == 200


def test_required_factor_is_asked_of_a_session_that_began_without(settings: Any) -> None:
    person = make_person()
    client = signed_in(person)
    device, _ = give_factor(person)
    assert is_in(client)
    settings.REQUIRE_2FA = True
    assert {client.get(path).headers.get("Location") for path in EVERY_SORT} == {CODE}
    assert enter(client, code_of(device)).status_code == 302
    assert is_in(client)


def test_reset_factor_has_to_be_set_up_again(settings: Any) -> None:
    settings.REQUIRE_2FA = True
    client, _, _ = in_with_code(make_person())
    assert is_in(client)
    second_factor.remove(User.objects.get(username="anna"))
    assert client.get("/admin/").headers["Location"] == FACTOR


def test_secrets_are_in_no_page_of_the_admin() -> None:
    from django.contrib import admin

    shown = {model._meta.label for model in admin.site._registry}
    assert shown & {"otp_totp.TOTPDevice", "otp_static.StaticDevice", "otp_static.StaticToken"} == set()


def test_picture_is_what_segno_draws() -> None:
    import segno

    text = "otpauth://totp/Login%20help:anna?secret=ABC"
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=4)]
    picture = qr_code(text)
    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", picture.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    assert dark == {(x, y) for y, row in enumerate(rows) for x, cell in enumerate(row) if cell}
    assert picture.size == len(rows)
