"""Flags, the work list and the map in a real browser: by keyboard, on every screen, under the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from helpdesk.flags.models import Flag
from helpdesk.guides.models import Symptom
from tests.accounts.staff_people import make_user
from tests.browser import axe
from tests.contentadmin.forms import list_url, url_of
from tests.factories import make_cause, make_contact_point, make_guide, make_resolution, make_symptom
from tests.reports.walked import say

WATCH = """
    document.addEventListener("securitypolicyviolation", (e) =>
        console.error(`refused: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


@pytest.fixture
def ann(transactional_db: None) -> User:
    return make_user("Editor", name="Ann")


@pytest.fixture
def symptom(transactional_db: None) -> Symptom:
    resolution = make_resolution(title="Plug it in", contact_point=make_contact_point())
    guide = make_guide(title="The platform does not start", short_title="Platform")
    causes = [make_cause(title=f"Is the {part} plugged in?", resolution=resolution) for part in ("cable", "box")]
    return make_symptom(guide=guide, title="Nothing happens at all", causes=causes, review_by=date(2026, 1, 1))


@pytest.fixture
def signed_in(page: Page, live_server: Any, ann: User) -> Page:
    """Ann's browser."""
    page.context.add_cookies([session_of(ann, live_server)])
    return page


@pytest.fixture
def desk(signed_in: Page) -> Iterator[Page]:
    """Ann's browser; afterwards nothing was refused and no error was in the console."""
    faults: list[str] = []
    signed_in.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    signed_in.on("pageerror", lambda error: faults.append(str(error)))
    signed_in.add_init_script(WATCH)
    yield signed_in
    assert faults == []


def session_of(user: User, live_server: Any) -> Any:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": f"{live_server.url}/admin/"}


def test_flag_goes_the_whole_way_by_keyboard(desk: Page, live_server: Any, symptom: Symptom, ann: User) -> None:
    desk.goto(live_server.url + url_of(symptom))
    desk.get_by_label("Title:", exact=True).fill("Not saved yet")
    desk.locator(".flag-new summary").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.type("The box is blue now")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    status = desk.locator("[data-flags-status]")
    expect(status).to_have_text("“Nothing happens at all” is now flagged: needs change.")
    expect(status).to_be_focused()
    expect(desk.get_by_label("Title:", exact=True)).to_have_value("Not saved yet")
    expect(desk.locator(".flag-note")).to_have_text("The box is blue now")

    desk.goto(f"{live_server.url}/admin/work/")
    desk.get_by_label("Person").select_option("Ann")
    desk.get_by_role("button", name="Show", exact=True).press("Enter")
    desk.wait_for_url(f"**/admin/work/?person={ann.pk}**")
    expect(desk.locator("#flagged .work-note")).to_have_text("The box is blue now")
    desk.locator("#flagged .work-title a").press("Enter")
    desk.wait_for_url(f"**{url_of(symptom)}#flags")
    desk.get_by_role("button", name=re.compile("Done.*The box is blue now")).press("Enter")
    expect(status).to_have_text("Marked as done: “The box is blue now”")
    expect(desk.locator(".flag-done summary")).to_be_visible()
    assert Flag.objects.get().done_by == ann


def test_map_leads_to_its_records_and_reviews_are_one_click(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom.guide))
    desk.get_by_role("link", name="Map", exact=True).click()
    frame = desk.get_by_role("region", name="Diagram of the guide. A list view follows.")
    frame.focus()
    expect(frame).to_be_focused()
    box = desk.locator("a.map-symptom")
    line = desk.locator(".map-group", has=box).locator(".map-lines")
    quiet = line.evaluate("(lines) => getComputedStyle(lines).strokeWidth")
    box.hover()
    assert (quiet, line.evaluate("(lines) => getComputedStyle(lines).strokeWidth")) == ("1px", "2px")
    box.click()
    desk.wait_for_url(f"**{url_of(symptom)}")
    desk.goto(f"{live_server.url}/admin/work/")
    desk.get_by_role("button", name=re.compile("Reviewed, no changes needed.*Nothing happens at all")).click()
    expect(desk.locator(".messagelist .success")).to_contain_text("was marked as reviewed. Next review:")
    expect(desk.locator("#overdue")).to_have_count(0)


def test_flag_is_set_without_javascript(browser: Browser, live_server: Any, symptom: Symptom, ann: User) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session_of(ann, live_server)])
    page = context.new_page()
    page.goto(live_server.url + url_of(symptom))
    page.locator(".flag-new summary").click()
    page.get_by_label("What needs to change, and why?").fill("Old picture")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".flag-note")).to_have_text("Old picture")
    context.close()


def test_pages_are_for_everybody_on_every_screen(
    signed_in: Page, live_server: Any, symptom: Symptom, ann: User
) -> None:
    cause = symptom.checks.first().cause
    say(symptom, cause, "fixed"), say(symptom, cause, "not-fixed")
    for record in (symptom, cause):
        Flag.objects.set_on(record, note="x" * 300, by=ann)
    make_symptom(guide=symptom.guide, title="y" * 100, published=False, causes=[cause])
    addresses = ["/admin/work/", reverse("guide-map", args=[symptom.guide_id])]
    addresses += [url_of(symptom), list_url(Symptom)]
    # Django's own parts are tested where they are changed.
    ours = (".work", ".guide-map", "#flags", ".field-needs_change")
    for address in addresses:
        signed_in.goto(live_server.url + address)
        parts = [part for part in ours if signed_in.locator(part).count()]
        assert parts, address
        assert (address, axe.faults_on_screens(signed_in, parts=parts)) == (address, {})
