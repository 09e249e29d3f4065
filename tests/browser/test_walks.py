"""Whole walks in Chromium: with the mouse, with the keyboard alone, and with JavaScript switched off."""

import pytest
from playwright.sync_api import Locator, Page, expect

from helpdesk.feedback.models import HandOff, Outcome

LONGEST = {
    "trading-platform-login": ("My user name and password are refused", 4),
    "account-management-login": ("My user name and password are refused", 2),
}


# Labels of the buttons that rule a cause out, those of the first content included.
RULE_OUT = ("No", "Still not working")


def rule_out(page: Page) -> Locator:
    """The button that says that it is not this cause, or that what to do about it did not help."""
    return page.locator("button[value=not-this], button[value=not-fixed]")


def leave_open(page: Page) -> Locator:
    return page.locator("button[value=cannot-tell], button[value=cannot-try]")


def start(page: Page, portal: str, guide: str) -> int:
    """Goes from home to the guide's longest walk by links; comes back with the number of its checks."""
    title, checks = LONGEST[guide]
    page.goto(portal)
    page.locator(f'main a[href="/guides/{guide}/"]').first.click()
    page.get_by_role("link", name=title).click()
    return checks


@pytest.mark.parametrize("guide", LONGEST)
def test_longest_walk_with_the_mouse_ends_with_people(watched, portal, guide):
    page = watched
    checks = start(page, portal, guide)
    for place in range(1, checks + 1):
        expect(page.get_by_text(f"Check {place} of {checks}").first).to_be_visible()
        rule_out(page).click()
    page.get_by_role("button", name="Get a reference number").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your reference number")
    expect(page.get_by_text(HandOff.objects.get().reference).first).to_be_visible()
    assert Outcome.objects.filter(answer__in=["not-this", "not-fixed"], way_in="guide").count() == checks


class TestWithoutJavaScript:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return browser_context_args | {"java_script_enabled": False}

    def test_longest_walk_ends_fixed(self, page, portal):
        guide = "trading-platform-login"
        checks = start(page, portal, guide)
        for _ in range(checks - 1):
            rule_out(page).click()
        page.locator("button[value=applies]").click()
        page.get_by_role("button", name="That fixed it").click()

        path = f"/guides/{guide}/invalid-username-password/fixed/?by=paper-account-credentials"
        expect(page).to_have_url(portal + path)
        assert Outcome.objects.get(answer="fixed").way_in == ""
        assert Outcome.objects.count() == checks


def press_until(page: Page, *names: str, most: int = 60) -> None:
    """Goes on with the Tab key to what has one of these names, and presses it with Enter."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.innerText || '').trim().replace(/\\s+/g, ' ')")
        if focused.startswith(names):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{names} are not reached with the Tab key")


@pytest.mark.parametrize("guide", LONGEST)
def test_longest_walk_with_the_keyboard_alone(watched, portal, guide):
    page = watched
    title, checks = LONGEST[guide]
    page.goto(f"{portal}/guides/{guide}/")
    press_until(page, title)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for _ in range(checks):
        before = page.url
        press_until(page, *RULE_OUT)
        expect(page).not_to_have_url(before)
    press_until(page, "Get a reference number")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/handoff/**")


def test_skip_link_leads_to_the_main_part(watched, portal):
    watched.goto(portal)
    watched.keyboard.press("Tab")
    watched.keyboard.press("Enter")

    assert watched.evaluate("location.hash") == "#main"


def test_back_shows_the_check_before(watched, portal):
    page = watched
    page.goto(f"{portal}/guides/trading-platform-login/connection-attempts/")
    rule_out(page).click()
    page.wait_for_url("**/check/firewall-blocking/**")
    leave_open(page).click()
    page.wait_for_url("**/check/ports-blocked/**")
    page.go_back()

    expect(page).to_have_url(
        f"{portal}/guides/trading-platform-login/connection-attempts/check/firewall-blocking/?no=internet-down"
    )
    expect(page.get_by_text("Check 2 of 3").first).to_be_visible()


def test_way_in_is_a_direct_link_when_nobody_of_ours_led_there(watched, portal):
    watched.goto(f"{portal}/guides/trading-platform-login/invalid-passcode/")
    watched.locator("button[value=applies]").click()
    watched.get_by_role("button", name="That fixed it").click()
    watched.wait_for_url("**/fixed/**")

    assert Outcome.objects.get().way_in == "link"


def test_double_click_counts_once(watched, portal):
    watched.goto(f"{portal}/guides/trading-platform-login/invalid-passcode/")
    watched.locator("button[value=applies]").dblclick(no_wait_after=True)
    watched.wait_for_url("**/fix/**")

    assert Outcome.objects.count() == 1


def test_anchor_of_an_entry_opens_it_on_the_topic_page(watched, portal):
    page = watched
    page.goto(f"{portal}/faq/topic/tws/")
    expect(page.locator("#java-plugin")).not_to_be_visible()
    page.goto(f"{portal}/faq/topic/tws/#java-plugin")

    expect(page.locator("#java-plugin")).to_be_visible()
    expect(page.locator("#install-tws")).not_to_be_visible()


def test_summary_is_copied(watched, portal, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched
    page.goto(f"{portal}/guides/trading-platform-login/connection-attempts/contact/?no=internet-down")
    page.get_by_role("button", name="Copy").first.click()

    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Help no. 1104")
    assert "Not the cause: Internet connection down" in copied


def test_answer_that_an_address_names_is_open_and_an_odd_anchor_does_no_harm(watched: Page, portal: str) -> None:
    watched.goto(f"{portal}/faq/topic/tws/#windows-screenshot")
    expect(watched.get_by_text("Paste the picture into a text or image editor")).to_be_visible()
    watched.evaluate("location.hash = '#100%'")
    watched.goto(f"{portal}/faq/#100%")
    expect(watched.get_by_role("heading", level=1)).to_be_visible()
    watched.evaluate("location.hash = '#%E0%A4%A'")
