"""Signing in, in a real browser: the whole way with a second factor, waiting, and a text that is not lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Locator, Page, expect

from helpdesk.accounts.models import StaffEvent
from helpdesk.guides.models import Guide
from tests.accounts.conftest import PASSWORD, code_of, make_person
from tests.browser import axe
from tests.contentadmin.forms import url_of
from tests.factories import make_guide

WATCH = """
    window.refused = [];
    document.addEventListener("securitypolicyviolation", (e) =>
        window.refused.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


@pytest.fixture
def desk(page: Page, transactional_db: None, live_server: Any) -> Iterator[Page]:
    """A browser at the door; afterwards no script of a page had failed."""
    cache.clear()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(WATCH)
    yield page
    assert faults == []


def look(desk: Page) -> None:
    """The page breaks no policy, fits every screen, and is for everybody, in both colours."""
    assert (desk.url, desk.evaluate("window.refused")) == (desk.url, [])
    assert (desk.url, axe.faults_on_screens(desk, [("dark", 320), ("light", 1280)])) == (desk.url, {})


def follow(desk: Page, way: Locator) -> None:
    """Presses what leads to another page, and waits until that page is there."""
    with desk.expect_event("load"):
        way.click()


def give_name_and_password(desk: Page, password: str = PASSWORD) -> None:
    desk.get_by_label("User name").fill("anna")
    desk.get_by_label("Password").fill(password)
    with desk.expect_event("load"):
        desk.get_by_role("button", name="Log in").press("Enter")


def test_way_with_a_second_factor(desk: Page, live_server: Any) -> None:
    make_person(role="Administrator")
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(f"{live_server.url}/admin/")
    look(desk)
    give_name_and_password(desk)
    follow(desk, desk.get_by_role("link", name="Your account"))
    look(desk)
    follow(desk, desk.get_by_role("link", name="Set up two-factor authentication"))
    look(desk)
    follow(desk, desk.get_by_role("button", name="Set up"))
    desk.get_by_text("No camera?").click()
    look(desk)
    device = TOTPDevice.objects.get()
    desk.get_by_role("textbox", name="Code").fill(code_of(device))
    follow(desk, desk.get_by_role("button", name="Turn on"))
    look(desk)
    desk.get_by_role("button", name="Copy").click()
    expect(desk.get_by_text("Copied.")).to_be_visible()
    codes = desk.evaluate("navigator.clipboard.readText()").split()
    assert len(codes) == 10
    follow(desk, desk.get_by_role("link", name="I've saved these codes"))
    follow(desk, desk.get_by_role("button", name="Log out"))
    look(desk)

    follow(desk, desk.get_by_role("link", name="Log in again"))
    give_name_and_password(desk)
    look(desk)
    desk.get_by_role("textbox", name="Code").fill(code_of(device, steps=1))
    follow(desk, desk.get_by_role("button", name="Continue"))
    expect(desk).to_have_url(f"{live_server.url}/admin/")
    desk.goto(f"{live_server.url}/admin/second-factor/")
    look(desk)

    follow(desk, desk.get_by_role("button", name="Log out"))
    follow(desk, desk.get_by_role("link", name="Log in again"))
    give_name_and_password(desk)
    desk.get_by_role("textbox", name="Code").fill(codes[3])
    desk.get_by_role("textbox", name="Code").press("Enter")
    expect(desk).to_have_url(f"{live_server.url}/admin/")


def test_pages_for_administrators(desk: Page, live_server: Any) -> None:
    make_person(role="Administrator")
    desk.goto(f"{live_server.url}/admin/")
    give_name_and_password(desk)
    expect(desk).to_have_url(f"{live_server.url}/admin/")
    desk.goto(f"{live_server.url}/admin/auth/user/add/")
    look(desk)
    desk.get_by_label("User name").fill("carla")
    desk.get_by_label("Author: writes drafts").check()
    follow(desk, desk.get_by_role("button", name="Save", exact=True))
    look(desk)
    carla = User.objects.get(username="carla")
    addresses = [url_of(carla), f"/admin/auth/user/{carla.pk}/sign-in/", "/admin/password_change/"]
    addresses += ["/admin/auth/user/", "/admin/accounts/staffevent/", "/admin/accounts/loggedchange/"]
    for address in addresses:
        desk.goto(live_server.url + address)
        look(desk)


def test_who_guesses_waits(desk: Page, live_server: Any) -> None:
    make_person()
    desk.goto(f"{live_server.url}/admin/")
    for _ in range(4):
        give_name_and_password(desk, "wrong")
        expect(desk.get_by_role("alert")).to_contain_text("Wrong user name or password")
    look(desk)
    give_name_and_password(desk, "wrong")
    expect(desk.get_by_role("heading", name="Please wait")).to_be_visible()
    look(desk)
    desk.goto(f"{live_server.url}/admin/")
    give_name_and_password(desk)
    expect(desk.get_by_role("heading", name="Please wait")).to_be_visible()


def test_text_is_not_lost_when_the_session_ends(desk: Page, live_server: Any) -> None:
    make_person()
    guide = make_guide()
    desk.goto(live_server.url + url_of(guide))
    give_name_and_password(desk)
    desk.get_by_label("Introduction").fill("An hour’s work.")
    Session.objects.all().delete()
    desk.locator("input[name=_save]").first.click()
    expect(desk.get_by_text("Your text isn't lost.")).to_be_visible()
    look(desk)
    give_name_and_password(desk)
    expect(desk.get_by_role("heading", name="Your text is still here")).to_be_visible()
    look(desk)
    expect(desk.get_by_role("button", name="Send it now")).to_be_focused()
    desk.get_by_role("button", name="Send it now").press("Enter")
    expect(desk.locator(".messagelist .success")).to_be_visible()
    guide.refresh_from_db()
    assert guide.introduction == "An hour’s work."

    # The same when the way back in was another tab.
    desk.goto(live_server.url + url_of(guide))
    desk.get_by_label("Introduction").fill("Another hour’s work.")
    Session.objects.all().delete()
    other = desk.context.new_page()
    other.goto(f"{live_server.url}/admin/")
    give_name_and_password(other)
    expect(other).to_have_url(f"{live_server.url}/admin/")
    desk.bring_to_front()
    desk.locator("input[name=_save]").first.click()
    follow(desk, desk.get_by_role("button", name="Send it now"))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Guide.objects.get().introduction == "Another hour’s work."
    assert StaffEvent.objects.filter(kind="signed-in").count() == 3
