"""A hand-off in the browser: its number and link copied, and the walk gone on with, here and on another device."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser import axe

WALK = "/guides/trading-platform-login/connection-attempts/"
ANSWERS = "?no=internet-down&skip=firewall-blocking"
SCREENS: list[axe.Screen] = [("light", 390), ("dark", 390), ("dark", 1280), ("light", 1280)]


def test_hand_off_is_copied_and_goes_on_elsewhere(watched: Page, portal: str, browser: Browser) -> None:
    page = watched
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{portal}{WALK}contact/{ANSWERS}")
    page.get_by_role("button", name="Get a reference number").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your reference number")

    address = page.url
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copy link")).to_have_class("button done")
    assert page.evaluate("navigator.clipboard.readText()") == address
    box: Any = page.get_by_role("img", name="QR code").bounding_box()
    assert box["width"] == box["height"] > 100
    assert axe.faults_on_screens(page, SCREENS, enable=axe.STRICT) == {}
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    expect(page.locator("#handoff-address")).to_have_text(address)
    page.emulate_media(media="screen")

    other = browser.new_context(java_script_enabled=False)
    elsewhere = other.new_page()
    elsewhere.goto(f"{portal}/search/")
    elsewhere.get_by_role("searchbox").first.fill(page.locator("#reference").inner_text().lower().replace("-", " "))
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(address)
    elsewhere.get_by_role("link", name="Continue the checks").click()
    expect(elsewhere).to_have_url(f"{portal}{WALK}check/ports-blocked/{ANSWERS}")
    other.close()
