"""An editor keeps the promises about addresses: with the keyboard, in light and dark, on every screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.addresses.models import FormerAddress
from helpdesk.guides.models import Guide, Symptom
from helpdesk.redirects import not_found_log
from helpdesk.redirects.models import DeadAddress, Redirect
from tests.browser import axe
from tests.contentadmin.forms import list_url, url_of
from tests.contentadmin.test_in_browser import WATCH, session_of_an_editor
from tests.factories import make_guide, make_symptom


@pytest.fixture
def guide(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Guide:
    monkeypatch.setattr(not_found_log, "limit", not_found_log.MinuteLimit())
    return make_guide(slug="platform", title="Platform")


@pytest.fixture
def signed_in(page: Page, live_server: Any, guide: Guide) -> Page:
    """The browser of an editor."""
    page.context.add_cookies([session_of_an_editor(live_server)])
    return page


@pytest.fixture
def desk(signed_in: Page) -> Iterator[Page]:
    """The browser of an editor; afterwards nothing was refused and no script failed."""
    faults: list[str] = []
    # A dead address that is opened on purpose is an error in the console as well.
    signed_in.on("console", lambda said: "404" in said.text or said.type != "error" or faults.append(said.text))
    signed_in.on("pageerror", lambda error: faults.append(str(error)))
    signed_in.add_init_script(WATCH)
    yield signed_in
    assert faults == []


def press(desk: Page, *keys: str) -> None:
    for key in keys:
        desk.keyboard.press(key)


def test_guide_is_renamed_and_a_link_in_an_old_mail_still_works(desk: Page, live_server: Any, guide: Guide) -> None:
    symptom = make_symptom(guide=guide, slug="offline", title="I am offline")
    mailed = live_server.url + symptom.get_absolute_url()
    desk.goto(live_server.url + url_of(guide))
    desk.get_by_label("Slug").fill("trading")
    press(desk, "Enter")
    expect(desk.locator(".messagelist .success")).to_be_visible()

    desk.goto(mailed)

    expect(desk).to_have_url(f"{live_server.url}/guides/trading/offline/")
    expect(desk.get_by_role("heading", name="I am offline")).to_be_visible()
    desk.goto(live_server.url + url_of(guide))
    desk.locator(".page-addresses summary").press("Enter")
    desk.locator(".page-addresses a", has_text="End").press("Enter")
    desk.get_by_role("button", name="End former address").press("Enter")
    expect(desk.locator(".messagelist .success")).to_have_text("/guides/platform/ no longer redirects here.")


def test_page_is_deleted_and_its_visitors_led_on_with_the_keyboard(desk: Page, live_server: Any, guide: Guide) -> None:
    symptom = make_symptom(guide=guide, slug="offline", title="I am offline")
    other = make_symptom(guide=guide, slug="slow", title="Everything is slow")
    mailed = live_server.url + symptom.get_absolute_url()
    desk.goto(live_server.url + url_of(symptom, "delete"))
    desk.get_by_role("radio", name="Redirect to another page").focus()
    press(desk, "Space", "Tab")
    desk.keyboard.type("slow")
    expect(desk.locator("datalist option")).to_have_attribute("value", str(other.number))  # offered while one writes
    press(desk, "Enter")  # without choosing it: then the page asks
    choice = desk.get_by_role("radio", name="Everything is slow")
    choice.focus()
    press(desk, "Space", "Tab", "Enter")
    expect(desk.locator(".messagelist")).to_contain_text("now redirect to “Everything is slow”")
    assert not Symptom.objects.filter(pk=symptom.pk).exists()

    desk.goto(mailed)

    expect(desk).to_have_url(live_server.url + other.get_absolute_url())


def test_dead_address_is_led_to_a_page_with_one_click(desk: Page, live_server: Any, guide: Guide) -> None:
    other = make_symptom(guide=guide, slug="no-connection", title="I am offline")
    old = f"{live_server.url}/help/no-connection.html"
    desk.goto(old)
    expect(desk.get_by_role("heading", name="We can't find this page")).to_be_visible()
    desk.goto(live_server.url + list_url(DeadAddress))
    desk.get_by_role("button", name="Redirect to “Platform › I am offline”").press("Enter")
    expect(desk.locator(".messagelist .success")).to_contain_text("/help/no-connection.html now redirects to")
    expect(desk.locator("#result_list .decide")).to_have_count(0)

    desk.goto(old)

    expect(desk).to_have_url(live_server.url + other.get_absolute_url())


def test_pages_about_addresses_are_for_everybody_and_every_screen(
    signed_in: Page, live_server: Any, guide: Guide
) -> None:
    symptom = make_symptom(guide=guide, slug="offline", title="I am offline")
    symptom.slug = "disconnected"
    symptom.save()
    redirect = Redirect.objects.create(path="/help/" + "long-" * 30 + "/", target_id=symptom.number, note="Why " * 20)
    now = timezone.now()
    for path in ("/help/disconnected/", "/help/" + "x" * 80 + "/", "/nothing/"):
        DeadAddress.objects.create(path=path, status=404, first_at=now, last_at=now)
    addresses = [list_url(DeadAddress), list_url(Redirect)]
    addresses += [url_of(redirect), url_of(redirect, "delete")]
    addresses.append(f"/admin/links/formeraddress/{FormerAddress.objects.get().pk}/end/")
    addresses += [url_of(symptom, "delete"), url_of(symptom)]
    # Django's own path, header and widgets are looked after elsewhere.
    ours = ".page-addresses, .page-deletion-form, .goes-along, .decide, .find-page, .field-way, .field-path"
    ours += ", #content > h1"
    for address in addresses:
        signed_in.goto(live_server.url + address)
        for folded in signed_in.locator("details.page-addresses, details.goes-along").all():
            folded.evaluate("element => element.open = true")
        parts = [place for place in ours.split(", ") if signed_in.locator(place).count()]
        assert parts, address
        found = axe.faults_on_screens(signed_in, [("light", 1280), ("dark", 320)], parts=parts)
        assert (address, found) == (address, {})
