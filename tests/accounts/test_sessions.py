"""Sessions end, and what an editor was writing is not lost when his does."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from helpdesk.accounts import pending_form, sessions
from helpdesk.accounts.models import Account, StaffEvent
from helpdesk.guides.models import Guide
from tests.accounts.conftest import CODE, LOGIN, PASSWORD, code_of, give_factor, is_in, make_person, sign_in
from tests.accounts.staff_people import signed_in
from tests.contentadmin.forms import opened, url_of
from tests.factories import make_guide

pytestmark = pytest.mark.django_db

# What a browser adds when a person presses a button of one of our pages.
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ORIGIN": "http://testserver"}


def make_older(client: Client, **seconds: float) -> None:
    """Moves what the session remembers into the past."""
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()


@pytest.mark.parametrize(
    ("seconds", "lives"),
    [
        ({"seen": 59 * 60}, True),
        ({"seen": 61 * 60}, False),
        ({"began": 11.9 * 3600, "seen": 60}, True),
        ({"began": 12.1 * 3600, "seen": 60}, False),
    ],
)
def test_session_ends_unused_and_after_its_time(seconds: dict[str, float], lives: bool) -> None:
    client = signed_in(make_person())
    make_older(client, **seconds)
    assert is_in(client) is lives
    assert StaffEvent.objects.filter(kind="session-ended").exists() is not lives
    assert is_in(client) is lives


def test_use_keeps_a_session_alive() -> None:
    client = signed_in(make_person())
    for _ in range(3):
        make_older(client, seen=50 * 60)
        assert is_in(client)


def test_looking_writes_no_session_each_time(django_assert_num_queries: Any) -> None:
    client = signed_in(make_person())
    client.get("/admin/jsi18n/")
    with django_assert_num_queries(2):  # the session, the user with his account
        client.get("/admin/jsi18n/")


def test_cookie_goes_with_the_browser() -> None:
    make_person()
    client = Client()
    sign_in(client)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


def test_session_without_a_beginning_is_over() -> None:
    client = signed_in(make_person())
    session = client.session
    del session["began"]
    session.save()
    assert not is_in(client)


def test_new_password_ends_all_other_sessions() -> None:
    person = make_person()
    client, other = signed_in(person), signed_in(person)
    new = "other words in another row"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/admin/password_change/", form).status_code == 302
    assert (is_in(client), is_in(other)) == (True, False)
    assert sign_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize("new", ["short", "Featherstone1", "password1234", "123456789012345", PASSWORD])
def test_weak_password_is_refused_and_the_rules_are_shown(new: str) -> None:
    client = signed_in(make_person(last_name="Featherstone"))
    page = client.get("/admin/password_change/").content.decode()
    assert "at least 12 characters" in page
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    response = client.post("/admin/password_change/", form)
    assert response.status_code == 200
    assert response.context["form"].errors


def test_sign_out_everywhere_leaves_this_session() -> None:
    person = make_person()
    client, other = signed_in(person), signed_in(person)
    client.post("/admin/account/sign-out-everywhere/")
    assert (is_in(client), is_in(other)) == (True, False)
    assert StaffEvent.objects.filter(kind="sessions-ended", user=person).count() == 1
    assert is_in(signed_in(person))


def test_closed_account_has_no_session() -> None:
    person = make_person()
    client = signed_in(person)
    person.is_active = False
    person.save()
    assert not is_in(client)


def test_sessions_nobody_comes_back_to_are_cleared_away() -> None:
    client = signed_in(make_person())
    Session.objects.update(expire_date="2026-01-01T00:00Z")
    sign_in(Client())
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


# What was sent too late


def written(client: Client, guide: Guide) -> dict[str, Any]:
    """The form of a guide with a new text in it, token included."""
    text = 'Line one\r\n"<script>" & ünï: ' + "long " * 3000
    page = client.get(url_of(guide))
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token
    return {**opened(client, url_of(guide)), "introduction": text, "csrfmiddlewaretoken": token[1]}


def field(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def hidden(page: Any) -> dict[str, Any]:
    """All that the page would send with its form."""
    from tests.contentadmin.forms import FormReader

    reader = FormReader()
    reader.feed(page.content.decode())
    return reader.values


def strict(person: Any) -> Client:
    """A browser whose tokens are looked at."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


@pytest.mark.parametrize("with_code", [False, True])
def test_text_sent_after_the_session_ended_is_saved_after_signing_in(with_code: bool) -> None:
    person, guide = make_person(), make_guide()
    client = strict(person)
    form = written(client, guide)
    device = give_factor(person)[0] if with_code else None
    make_older(client, seen=2 * 3600)
    page = client.post(url_of(guide) + "?_changelist_filters=q%3Dx", form, **OURS)
    assert (page.status_code, page.templates[0].name) == (403, "accounts/sign_in.html")
    assert "Your text isn't lost." in page.content.decode()

    wrong = client.post(LOGIN, hidden(page) | {"username": "anna", "password": "wrong"}, **OURS)
    page = client.post(LOGIN, hidden(wrong) | {"username": "anna", "password": PASSWORD}, **OURS)
    if device:
        wrong = client.post(CODE, hidden(page) | {"code": "000000"}, **OURS)
        device.refresh_from_db()
        device.throttle_reset()
        page = client.post(CODE, hidden(wrong) | {"code": code_of(device)}, **OURS)
    assert page.templates[0].name == "accounts/send_again.html"
    assert f'action="{url_of(guide)}?_changelist_filters=q%3Dx"' in page.content.decode()
    assert ("Introduction", form["introduction"]) in page.context["pending_form"].texts
    assert "<script>" not in page.content.decode()

    assert client.post(url_of(guide), hidden(page), **OURS).status_code == 302
    guide.refresh_from_db()
    assert guide.introduction == form["introduction"].strip()


def test_saving_again_after_signing_in_in_another_tab_works() -> None:
    """Signing in makes new tokens, so that of the open form is an old one."""
    person, guide = make_person(), make_guide()
    client = strict(person)
    form = written(client, guide)
    make_older(client, seen=2 * 3600)
    sign_in_page = client.get(LOGIN)
    assert client.post(LOGIN, hidden(sign_in_page) | {"username": "anna", "password": PASSWORD}).status_code == 302

    page = client.post(url_of(guide), form, **OURS)
    assert page.templates[0].name == "accounts/send_again.html"
    assert client.post(url_of(guide), hidden(page), **OURS).status_code == 302
    guide.refresh_from_db()
    assert guide.introduction == form["introduction"].strip()


def test_text_waits_while_a_step_has_to_be_taken_first(settings: Any) -> None:
    person, guide = make_person(), make_guide()
    client = strict(person)
    form = written(client, guide)
    settings.REQUIRE_2FA = True
    page = client.post(url_of(guide), form, **OURS)
    assert (page.status_code, page.context["first"]) == (403, "/admin/second-factor/")
    settings.REQUIRE_2FA = False
    assert client.post(url_of(guide), hidden(page), **OURS).status_code == 302
    guide.refresh_from_db()
    assert guide.introduction == form["introduction"].strip()


FOREIGN = [
    {},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ORIGIN": "http://testserver"},
    {"HTTP_SEC_FETCH_SITE": "none", "HTTP_SEC_FETCH_MODE": "navigate"},
    {"HTTP_ORIGIN": "http://evil.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://["},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_form_of_somebody_elses_page_waits_nowhere(headers: dict[str, str]) -> None:
    guide = make_guide()
    data = {"introduction": "Call this number instead"}
    for client in (Client(enforce_csrf_checks=True), strict(make_person())):
        response = client.post(url_of(guide), data, **headers)
        assert response.status_code == 403
        assert "Call this number" not in response.content.decode()
    response = Client().post(url_of(guide), data, **headers)
    assert response.headers["Location"] == f"{LOGIN}?next={url_of(guide)}"


def test_script_that_asks_too_late_gets_no_page() -> None:
    headers = OURS | {"HTTP_SEC_FETCH_MODE": "cors"}
    response = Client().post("/admin/markdown/preview/", {"text": "x"}, **headers)
    assert response.headers["Location"] == f"{LOGIN}?next=/admin/markdown/preview/"


@pytest.mark.parametrize(
    "path", ["/admin/password_change/", "/admin/second-factor/remove/", "/admin/second-factor/set-up/"]
)
def test_passwords_and_codes_wait_nowhere(path: str) -> None:
    data = {"old_password": "secret-old", "code": "123456"}
    response = Client().post(path, data, **OURS)
    assert (response.status_code, response.headers["Location"]) == (302, f"{LOGIN}?next={path}")


@pytest.mark.parametrize("forged", ["x", "a:b:c", "", "\0", "signed by somebody else"])
def test_forged_text_is_dropped(forged: str) -> None:
    if forged.startswith("signed"):
        forged = pending_form.PendingForm("/admin/", (("a", "b"),)).signed()[:-1] + "x"
    make_person()
    assert sign_in(Client(), kept=forged).headers["Location"] == "/admin/"


def test_text_is_sent_to_our_own_pages_only() -> None:
    make_person()
    elsewhere = pending_form.PendingForm("https://evil.example/", (("a", "b"),)).signed()
    assert sign_in(Client(), kept=elsewhere).headers["Location"] == "/admin/"


def test_form_with_very_many_fields_waits_as_well() -> None:
    person = make_person()
    many = {f"row-{n}-title": "x" for n in range(1990)}
    page = Client().post("/admin/guides/guide/", many, **OURS)
    assert page.status_code == 403
    form = pending_form.from_signed(field(page, "kept"))
    assert form
    assert len(form.fields) == 1990
    assert sign_in(Client(), kept=field(page, "kept")).templates[0].name == "accounts/send_again.html"
    assert not Account.objects.filter(user=person).exists()


def test_stale_sign_in_form_is_shown_anew() -> None:
    make_person()
    client = Client(enforce_csrf_checks=True)
    client.get(LOGIN)
    data = {"username": "anna", "password": PASSWORD, "csrfmiddlewaretoken": "x" * 64}
    page = client.post(LOGIN, data, **OURS)
    assert (page.status_code, page.templates[0].name) == (403, "accounts/sign_in.html")
    assert PASSWORD not in page.content.decode()
    assert client.post(LOGIN, hidden(page) | data | hidden(page), **OURS).status_code in (200, 302)


def test_all_sessions_of_one_leave_those_of_others() -> None:
    anna, ben = make_person(), make_person("ben")
    one, other = signed_in(anna), signed_in(ben)
    sessions.end_all(anna)
    assert (is_in(one), is_in(other)) == (False, True)
