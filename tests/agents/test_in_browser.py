"""An agent with the telephone in one hand: everything by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from helpdesk.guides.models import Symptom
from tests.accounts.staff_people import without_rights


@pytest.fixture
def session(live_content: None, live_server: Any) -> Any:
    """The cookie of an agent without any rights."""
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": without_rights().cookies[name].value, "url": f"{live_server.url}/admin/"}


def test_link_is_made_by_keyboard(page: Page, live_server: Any, session: Any) -> None:
    page.context.add_cookies([session])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    symptom = Symptom.objects.get(number=1101)
    first, second = symptom.checks.select_related("cause")[:2]

    page.goto(f"{live_server.url}/admin/")
    page.keyboard.press("Control+K")
    page.keyboard.type("in")
    option = page.get_by_role("option", name="Invalid").or_(page.get_by_role("option", name=symptom.title)).first
    expect(option).to_be_visible()
    page.keyboard.type("valid user")
    expect(page.get_by_role("option", name="All pages for “invalid user”")).to_be_visible()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation(url="**/tickets/1101/"):
        page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(symptom.title)
    page.get_by_role("checkbox", name=f"Not the cause: {first.cause.title}").focus()
    page.keyboard.press("Space")
    address = f"{live_server.url}{symptom.get_absolute_url()}check/{second.cause.slug}/?no={first.cause.slug}"
    expect(page.locator("#ticket-link a")).to_have_text(address)
    expect(page.get_by_role("heading", level=2)).to_have_text("Link, starting at check 2 of 4")

    page.get_by_role("button", name="Copy link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-copy-status]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == address
    # One answer for a check: the other tick goes.
    page.get_by_role("checkbox", name=f"Couldn't check or try: {first.cause.title}").press("Space")
    expect(page.locator("#ticket-link a")).to_have_text(address.replace("no=", "skip="))
    assert page.url.endswith(f"?skip={first.cause.slug}")
    assert refused == []


def test_link_is_made_without_javascript(browser: Browser, live_server: Any, session: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session])
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/tickets/1101/")
    page.get_by_role("checkbox", name="Not the cause:").first.check()
    page.get_by_role("button", name="Update link").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Link, starting at check 2 of 4")
    expect(page.get_by_role("checkbox", name="Not the cause:").first).to_be_checked()
    context.close()
