"""An editor finds and restores an older text in the real browser, with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from helpdesk.guides.models import Check, Guide, Resolution, Symptom
from helpdesk.history.revisions import revision
from tests.accounts.staff_people import make_user
from tests.browser import axe
from tests.contentadmin.forms import url_of
from tests.contentadmin.test_in_browser import WATCH, session_of_an_editor
from tests.factories import make_cause, make_guide, make_resolution, make_symptom
from tests.history.histories import day, on


@pytest.fixture
def symptom(transactional_db: None) -> Symptom:
    """A symptom whose text, checks and resolution were changed by somebody."""
    with on(day(1)), revision():
        resolution = make_resolution(title="Wait", body="It takes 14 days. " + "Words that stay as they are. " * 12)
        causes = [make_cause(title="Is it on?", resolution=resolution), make_cause(title="Is it charged?")]
        symptom = make_symptom(causes=causes, title="The device shows nothing", introduction="Right text.")
    ada = make_user(name="Ada")
    with on(day(2)), revision(user=ada):
        Symptom.objects.update(introduction="Wrong <text>.")
        Check.objects.reorder(symptom, causes[::-1])
    with on(day(3)), revision(user=ada):
        Resolution.objects.filter(pk=resolution.pk).update(body=resolution.body.replace("14", "10"))
    return symptom


@pytest.fixture
def desk(page: Page, live_server: Any, symptom: Symptom) -> Iterator[Page]:
    """The browser of an editor; afterwards nothing was refused and no error was in the console."""
    page.context.add_cookies([session_of_an_editor(live_server)])
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(WATCH)
    # The public pages fade into each other, and the browser complains when the next page is one of the admin's.
    page.emulate_media(reduced_motion="reduce")
    yield page
    assert faults == []


def tab_to(desk: Page, is_there: Callable[[str], bool]) -> None:
    """Presses Tab until the link or button with such a text has the focus."""
    for _ in range(150):
        desk.keyboard.press("Tab")
        if is_there(desk.evaluate("document.activeElement.textContent").strip()):
            return
    raise AssertionError("the keyboard does not get there")


def test_editor_restores_an_older_text_with_the_keyboard(desk: Page, live_server: Any, symptom: Symptom) -> None:
    """From the record's page it takes two presses of Enter, or two clicks: History, Restore."""
    desk.goto(live_server.url + url_of(symptom))
    tab_to(desk, lambda text: text == "History")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    steps = desk.locator(".history-step")
    expect(steps).to_have_count(3)
    expect(steps.nth(0)).to_contain_text("Resolution “Wait”")
    expect(steps.nth(1).locator("del").first).to_have_text("removed: Right")
    expect(steps.nth(1).locator("ins").first).to_have_text("added: Wrong <")
    tab_to(desk, lambda text: text.startswith("Restore") and "March 1, 2026" in text)
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist .success")).to_contain_text(
        "“The device shows nothing” was restored to the version of March 1, 2026, 12:00 PM. "
        "It replaces the version Ada saved on March 2, 2026, 12:00 PM"
    )
    restored = Symptom.objects.get()
    order = list(restored.checks.order_by("position").values_list("cause__title", flat=True))
    assert (restored.introduction, order) == ("Right text.", ["Is it on?", "Is it charged?"])
    assert symptom.history.first().history_user.groups.get().name == "Editor"
    # Shared with other pages, so it is not this page's to put back.
    assert Resolution.objects.filter(body__startswith="It takes 10 days.").count() == 1


def test_editor_sees_what_the_page_said_on_a_day(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom, "history"))
    desk.get_by_label("Day", exact=True).fill("2026-03-01")
    desk.get_by_role("button", name="Show the page").click()
    expect(desk.get_by_text("This page as it was on March 1, 2026, 11:59 PM.")).to_be_visible()
    expect(desk.get_by_text("Right text.")).to_be_visible()
    expect(desk.get_by_text("It takes 14 days.")).to_be_visible()
    assert desk.locator(".check h2").all_text_contents() == ["Is it on?", "Is it charged?"]
    # A link leads away from the past: nothing of today comes under its banner.
    desk.get_by_role("link", name=re.compile("Start the checks")).click()
    expect(desk.get_by_text("This page as it was on")).to_have_count(0)
    expect(desk.get_by_text("Wrong")).to_be_visible()
    desk.go_back()
    desk.get_by_role("link", name="Compare with the current page").click()
    whole = desk.locator("details").first
    whole.locator("summary").click()
    expect(whole.locator("ins")).to_have_text("added: 10")


def test_history_is_for_everybody_on_a_telephone(desk: Page, live_server: Any, symptom: Symptom) -> None:
    make_guide(title="Lost").delete()
    version = reverse("admin:guides_symptom_simple_history", args=[symptom.pk, symptom.history.last().history_id])
    at = url_of(symptom, "history_at")
    addresses = [
        url_of(symptom, "history"),
        version,
        f"{at}?date=2026-03-01",
        f"{at}?date=2026-03-01&compare=1",
        f"{at}?date=2020-01-01",
        reverse("admin:guides_guide_deleted"),
    ]
    for address in addresses:
        desk.goto(live_server.url + address)
        assert (address, axe.faults_on_screens(desk, [("light", 320), ("dark", 320)])) == (address, {})
    assert Guide.history.filter(history_type="-").count() == 1
