"""What is heard on a whole walk, with Back and Forward, refused forms and a search, against its transcript."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from helpdesk.feedback import rate_limit
from tests.browser.listening import Listener

TRANSCRIPT = Path(__file__).with_name("heard.txt")
GUIDE = "/guides/trading-platform-login/"
NO = "button[value=not-this], button[value=not-fixed]"


def test_walk_forms_and_search_are_heard_as_in_the_transcript(
    page: Page, portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each thing is said once: the heading or the field that has the focus, and beside it what it does not say."""
    listener = Listener(page)
    walk(listener, portal)
    words(listener, portal, monkeypatch)
    search(listener, portal)

    heard = "\n".join(listener.lines)
    assert heard.splitlines() == TRANSCRIPT.read_text().splitlines(), heard


def walk(listener: Listener, portal: str) -> None:
    page, press = listener.page, listener.press
    listener.after("Open a guide", lambda: page.goto(portal + GUIDE), until="page")
    title = "The platform keeps trying to connect"
    press(page.get_by_role("link", name=title), title=f'Press "{title}"', until="announced  Check 1")
    press(page.locator(NO), until="announced  Check 2")
    listener.after("Go back", page.go_back, until="announced  Check 1")
    listener.after("Go forward", page.go_forward, until="announced  Check 2")
    press(page.get_by_role("link", name="Back", exact=True), until="announced  Check 1")
    press(page.get_by_role("button", name="Yes, it's down"), until="announced  Check 1")
    press(page.locator(NO), until="announced  Check 2")
    page.locator(NO).evaluate("(button) => (button.value = 'unheard of')")
    press(page.get_by_role("button", name="Still not working"), title="Send an answer that is refused", until="Error")
    press(page.locator(NO), until="announced  Check 3")
    press(page.locator(NO), until="focus")
    press(page.get_by_role("button", name="Get a reference number"), until="focus")


def words(listener: Listener, portal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = listener.page
    listener.after("Open the form for words", lambda: page.goto(f"{portal}{GUIDE}none/"), until="page")
    send = page.get_by_role("button", name="Send")
    steps = page.evaluate("history.length")
    listener.press(send, title="Send no words", until="Error")
    assert page.evaluate("history.length") == steps  # Back leaves the form, refused or not
    page.get_by_label("What do you see").fill("It beeps twice")
    with monkeypatch.context() as patch:
        patch.setattr(rate_limit, "POSTS_A_MINUTE", 0)
        listener.press(send, title="Send words while there are too many requests", until="wait a minute")
    listener.press(page.get_by_role("button", name="Send again"), until="Thanks")


def search(listener: Listener, portal: str) -> None:
    page = listener.page
    listener.after("Open home", lambda: page.goto(portal), until="page")
    box = page.get_by_role("combobox").or_(page.get_by_role("searchbox")).first
    box.focus()
    page.evaluate("void (window.heard.length = 0)")
    listener.after('Type "invalid passc"', lambda: box.press_sequentially("invalid passc"), until="announced")
    listener.after("Press the down arrow", lambda: box.press("ArrowDown"), until="option")
    listener.after("Press the up arrow, and Enter", lambda: (box.press("ArrowUp"), box.press("Enter")), until="page")
    listener.after(
        "Search for a word that no page has", lambda: page.goto(f"{portal}/search/?q=xylophone"), until="page"
    )
    page.get_by_label("What do you see").fill("")
    listener.press(page.get_by_role("button", name="Send"), title="Send no words", until="Error")


def test_refused_form_has_the_focus_without_a_script(browser: Browser, portal: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{portal}{GUIDE}none/")
    page.get_by_role("button", name="Send").click()

    expect(page).to_have_title("Error: None of these describes my problem – Trading platform – Login help")
    expect(page.get_by_label("What do you see")).to_be_focused()
    page.context.close()
