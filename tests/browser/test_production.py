"""The portal as operators run it, in the browser: packed files, server stopped in the middle and back again."""

import pytest
from playwright.sync_api import expect

from tests.serving import server

PATH = "/guides/trading-platform-login/connection-attempts/"


@pytest.fixture(scope="module")
def running():
    with server() as portal:
        yield portal


def test_walk_with_the_packed_files(page, running):
    faults = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(running.address + PATH)
    page.evaluate("window.mark = true")
    for place in (2, 3):
        page.locator("button[value=not-this], button[value=not-fixed]").click()
        expect(page.locator(".caption")).to_have_text(f"Check {place} of 3")
    page.locator("button[value=not-this], button[value=not-fixed]").click()
    page.get_by_role("button", name="Get a reference number").click()
    page.wait_for_url("**/handoff/**")

    assert page.evaluate("window.mark")
    assert page.evaluate("window.violations") == []
    assert faults == []


def test_server_stopped_in_the_middle_and_back_again(page, running):
    page.goto(running.address + PATH)
    page.locator("button[value=not-this], button[value=not-fixed]").click()
    expect(page.locator(".caption")).to_have_text("Check 2 of 3")
    running.stop()
    page.locator("button[value=cannot-tell], button[value=cannot-try]").click()
    expect(page.get_by_text("You seem to be offline.").first).to_be_visible()
    expect(page.locator(".caption")).to_have_text("Check 2 of 3")
    running.start()
    page.locator("button[value=cannot-tell], button[value=cannot-try]").click()

    expect(page).to_have_url(f"{running.address}{PATH}check/ports-blocked/?no=internet-down&skip=firewall-blocking")
