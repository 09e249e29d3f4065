"""The editor's way with shared and unsaved text in a real browser: with the keyboard, and without JavaScript."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from helpdesk.guides.models import Cause, Resolution, Symptom
from tests.browser import axe
from tests.contentadmin.forms import add_url, url_of
from tests.contentadmin.test_in_browser import WATCH, session_of_an_editor
from tests.factories import make_cause, make_resolution, make_symptom

SCREENS: list[axe.Screen] = [("light", 320), ("dark", 1280)]


@pytest.fixture
def resolution(transactional_db: None) -> Resolution:
    return make_resolution(title="Wait", body="Shipping takes 3 to 14 days.\n\nThen call us.")


@pytest.fixture
def symptoms(resolution: Resolution) -> list[Symptom]:
    """Three situations that share the cause which the resolution answers."""
    cause = make_cause(title="Is it on its way?", slug="on-its-way", resolution=resolution)
    return [make_symptom(title=title, causes=[cause, make_cause(title="Is it here?")]) for title in ("A", "B", "C")]


@pytest.fixture
def desk(page: Page, live_server: Any, symptoms: list[Symptom]) -> Any:
    """The browser of an editor; afterwards nothing was refused by the policy and no error was in the console."""
    page.context.add_cookies([session_of_an_editor(live_server)])
    faults: list[str] = []
    page.context.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.context.add_init_script(WATCH)
    yield page
    # What a form lacks is answered 422, a moment that is none 400: browsers note that.
    assert [fault for fault in faults if "status of 422" not in fault and "status of 400" not in fault] == []


def assert_fit_for_everybody(page: Page) -> None:
    assert axe.faults_on_screens(page, SCREENS) == {}


def press(page: Page, target: Any, key: str = "Enter") -> None:
    """Presses a button as the keyboard does; the way there with Tab is the order of the page."""
    target.focus()
    expect(target).to_be_focused()
    with page.expect_navigation():
        target.press(key)


def test_shared_fact_is_changed_once_after_seeing_where(
    desk: Page, live_server: Any, resolution: Resolution, symptoms: list[Symptom]
) -> None:
    """Two presses from the changed form: Save, Change everywhere."""
    desk.goto(live_server.url + url_of(resolution))
    expect(desk.locator(".shared-notice")).to_contain_text("Used on 3 pages.")
    body = desk.get_by_label("What to do", exact=False).last
    body.fill(body.input_value().replace("14 days", "10 days"))
    press(desk, desk.locator("input[name=_save]").first)

    expect(desk.get_by_role("heading", level=1)).to_have_text("“Wait”: used on 3 pages")
    expect(desk.locator(".passage del")).to_have_text("old: 14")
    expect(desk.locator(".passage ins")).to_have_text("new: 10 ")
    assert desk.locator(".places label").all_inner_texts() == [f"I cannot log in › {title}" for title in "ABC"]
    assert_fit_for_everybody(desk)
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview: I cannot log in › B").press("Enter")
    expect(opened.value.locator(".preview-banner")).to_contain_text("Preview of unsaved text. Nothing is saved.")
    expect(opened.value.locator("main")).to_contain_text("10 days")
    assert symptoms[1].get_absolute_url() in opened.value.locator("main form").first.get_attribute("action")
    opened.value.close()

    press(desk, desk.get_by_role("button", name="Back to editing"))
    assert "10 days" in desk.get_by_label("What to do", exact=False).last.input_value()
    press(desk, desk.locator("input[name=_save]").first)
    press(desk, desk.get_by_role("button", name="Change everywhere (3 pages)"))
    expect(desk.locator(".messagelist .success")).to_be_visible()
    for symptom in symptoms:
        desk.goto(live_server.url + symptom.get_absolute_url())
        expect(desk.locator("main")).to_contain_text("3 to 10 days")


def test_separate_copy_without_javascript(
    browser: Browser, live_server: Any, resolution: Resolution, symptoms: list[Symptom]
) -> None:
    """Three presses from the changed form: Save, a tick, Make a separate copy."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session_of_an_editor(live_server)])
    page = context.new_page()
    page.goto(live_server.url + url_of(resolution))
    page.locator("textarea[name=body]").fill("Shipping takes 10 days.")
    page.locator("input[name=_save]").first.click()
    page.get_by_role("checkbox", name="I cannot log in › B").press("Space")
    page.get_by_role("button", name="Save a separate copy for the selected situations").click()
    expect(page.locator(".messagelist .success")).to_contain_text("for: I cannot log in › B")
    shown = []
    for symptom in symptoms:
        page.goto(live_server.url + symptom.get_absolute_url())
        shown.append("Shipping takes 10 days." in page.locator("main").inner_text())
    assert shown == [False, True, False]
    context.close()


def test_unsaved_text_and_order_are_seen_in_place_in_a_new_tab(
    desk: Page, live_server: Any, symptoms: list[Symptom]
) -> None:
    """One press from the changed form."""
    symptom = symptoms[0]
    desk.goto(live_server.url + url_of(symptom))
    desk.get_by_label("Title").fill("Not saved yet")
    desk.locator("#checks-1 .move-row[data-way=up]").press("Enter")
    button = desk.get_by_role("button", name="Preview changes").first
    button.focus()
    with desk.context.expect_page() as opened:
        button.press("Enter")
    preview = opened.value
    expect(preview.locator("h1")).to_have_text("Not saved yet")
    expect(preview.locator("main h2").first).to_have_text("Is it here?")
    expect(preview.locator(".preview-banner")).to_contain_text("Nothing is saved.")
    assert_fit_for_everybody(preview)
    preview.get_by_label("Show it here").select_option(label="All checks on one page")
    press(preview, preview.get_by_role("button", name="Show"))
    expect(preview.locator("h1")).to_have_text("Not saved yet")
    assert preview.locator("section.check h2").all_inner_texts() == ["Is it here?", "Is it on its way?"]
    preview.close()
    # The form is as it was, and saves as it would have.
    expect(desk.get_by_label("Title")).to_have_value("Not saved yet")
    assert Symptom.objects.get(pk=symptom.pk).title == "A"

    desk.goto(live_server.url + add_url(Cause))
    desk.get_by_label("Title").fill("New one")
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Preview changes").first.press("Enter")
    expect(opened.value.locator(".missing li")).to_have_count(1)  # what to do: a cause may do without a description
    assert_fit_for_everybody(opened.value)
    opened.value.close()
    expect(desk.get_by_label("Title")).to_have_value("New one")

    desk.goto(f"{live_server.url}/admin/preview{symptom.get_absolute_url()}?as-of=tomorrow")
    expect(desk.get_by_role("alert")).to_contain_text("This isn't a valid date and time.")
    assert_fit_for_everybody(desk)
    desk.get_by_label("As of (UTC)").fill("2126-11-25T09:00")
    press(desk, desk.get_by_role("button", name="Show"))
    expect(desk.locator(".preview-banner")).to_contain_text("as visitors will see it on November 25, 2126, 9:00 AM.")
