"""The walk with htmx: no page load, and nothing that a page load would do is missing."""

import pytest
from playwright.sync_api import Page, expect

from helpdesk.feedback.models import Outcome, UnmatchedWords

INTERNET = "Is your Internet connection down?"
FIREWALL = "Firewall blocking TWS"
PORTS = "Ports 4000 and 4001 blocked"
PATH = "/guides/trading-platform-login/connection-attempts/"


@pytest.fixture
def walk(watched, portal):
    """The page of a symptom with three checks, with a mark that a page load would wipe out."""
    watched.goto(portal + PATH)
    watched.evaluate("window.mark = true")
    return watched


def is_still_the_same_document(page: Page) -> bool:
    return page.evaluate("window.mark === true")


def answer(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def rule_out(page: Page) -> None:
    page.locator("button[value=not-this], button[value=not-fixed]").click()


def expect_at(page: Page, portal: str, below: str, heading: str) -> None:
    """The address, and the heading with the focus on it."""
    expect(page).to_have_url(f"{portal}{PATH}{below}")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_answers_go_on_without_a_page_load(walk, portal):
    answer(walk, "Yes, it's down")
    expect(walk).to_have_url(f"{portal}{PATH}check/internet-down/fix/")
    expect(walk.get_by_role("heading", level=1)).to_be_focused()
    answer(walk, "Still not working")
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down&tried=internet-down", FIREWALL)
    expect(walk.locator("#announce")).to_have_text("Check 2 of 3")
    expect(walk).to_have_title(f"{FIREWALL} – The platform keeps trying to connect – Trading platform – Login help")
    answer(walk, "I can't do this now")
    expect_at(walk, portal, "check/ports-blocked/?no=internet-down&skip=firewall-blocking&tried=internet-down", PORTS)
    answer(walk, "That fixed it")
    expect_at(walk, portal, "fixed/?by=ports-blocked", "Great, that's fixed")

    assert is_still_the_same_document(walk)
    assert Outcome.objects.count() == 3


def test_jump_change_and_back_link_go_without_a_page_load(walk, portal):
    walk.get_by_role("link", name=PORTS).click()
    expect_at(walk, portal, "check/ports-blocked/", PORTS)
    answer(walk, "Still not working")
    expect_at(walk, portal, "check/internet-down/?no=ports-blocked", INTERNET)
    walk.locator(".said a").click()
    expect_at(walk, portal, "check/ports-blocked/", PORTS)
    walk.get_by_role("link", name="Back", exact=True).click()
    expect(walk).to_have_url(portal + PATH)
    walk.get_by_role("link", name="Back", exact=True).click()
    expect(walk).to_have_url(f"{portal}/guides/trading-platform-login/")
    expect(walk.get_by_role("heading", level=1)).to_be_focused()

    assert is_still_the_same_document(walk)


def test_back_forward_and_reload_show_whole_pages(walk, portal):
    rule_out(walk)
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down", FIREWALL)
    rule_out(walk)
    expect_at(walk, portal, "check/ports-blocked/?no=internet-down,firewall-blocking", PORTS)
    walk.go_back()
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down", FIREWALL)
    walk.go_back()
    expect_at(walk, portal, "", "The platform keeps trying to connect")
    walk.go_forward()
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down", FIREWALL)
    assert is_still_the_same_document(walk)
    walk.reload()

    expect(walk.get_by_role("heading", level=1)).to_have_text(FIREWALL)
    expect(walk.get_by_role("navigation", name="Main")).to_be_visible()
    expect(walk.get_by_role("contentinfo")).to_be_visible()


def test_back_restores_the_place_on_the_page(walk, portal):
    walk.set_viewport_size({"width": 320, "height": 480})
    walk.get_by_role("button", name="I can't tell").scroll_into_view_if_needed()
    before = walk.evaluate("scrollY")
    assert before > 300
    rule_out(walk)
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down", FIREWALL)
    assert walk.evaluate("scrollY") < 100
    walk.go_back()

    expect_at(walk, portal, "", "The platform keeps trying to connect")
    for _ in range(50):  # waiting for a function would be eval, which the pages do not allow
        if abs(walk.evaluate("scrollY") - before) < 60:
            return
        walk.wait_for_timeout(50)
    raise AssertionError("the page stays at its top")


def test_step_link_opens_whole_in_another_tab(walk, context, portal):
    rule_out(walk)
    expect(walk).to_have_url(f"{portal}{PATH}check/firewall-blocking/?no=internet-down")
    other = context.new_page()
    other.goto(walk.url)

    expect(other.get_by_role("heading", level=1)).to_have_text(FIREWALL)
    expect(other.get_by_role("navigation", name="Main")).to_be_visible()


def test_button_cannot_be_pressed_twice_while_it_waits(walk, portal):

    posts = []

    def hold(route):
        posts.append(route.request.url)
        walk.wait_for_timeout(400)
        route.continue_()

    walk.route("**/check/internet-down/**", hold)
    walk.evaluate("for (const _ of [1, 2, 3]) document.querySelector('button[value=not-this]').click()")
    expect(walk.locator("fieldset")).to_have_attribute("disabled", "")
    expect_at(walk, portal, "check/firewall-blocking/?no=internet-down", FIREWALL)

    assert len(posts) == 1


def test_no_connection_keeps_the_words_and_says_so(page, portal):
    page.goto(f"{portal}/guides/trading-platform-login/none/")
    page.get_by_label("What do you see").fill("It beeps twice")
    page.context.set_offline(True)
    answer(page, "Send")
    expect(page.get_by_text("You seem to be offline.").first).to_be_visible()
    expect(page.get_by_label("What do you see")).to_have_value("It beeps twice")
    page.context.set_offline(False)
    answer(page, "Send")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thanks")

    assert list(UnmatchedWords.objects.values_list("words", flat=True)) == ["It beeps twice"]


def test_failed_request_falls_back_to_the_plain_form(page, portal):
    page.goto(portal + PATH)
    page.route("**/check/internet-down/**", lambda route: refuse_htmx(route))
    rule_out(page)

    expect(page).to_have_url(f"{portal}{PATH}check/firewall-blocking/?no=internet-down")
    assert list(Outcome.objects.values_list("cause__slug", "answer", "way_in")) == [
        ("internet-down", "not-this", "link")
    ]


def test_slow_request_falls_back_to_the_plain_form(page, portal):
    page.goto(portal + PATH)
    page.evaluate("htmx.config.timeout = 300")
    page.route("**/check/internet-down/**", lambda route: hold_back_htmx(route))
    answer(page, "I can't tell")

    expect(page).to_have_url(f"{portal}{PATH}check/firewall-blocking/?skip=internet-down")
    assert list(Outcome.objects.values_list("cause__slug", "answer")) == [("internet-down", "cannot-tell")]


def hold_back_htmx(route):
    """Never answers htmx; the browser's own request goes through."""
    if "hx-request" not in route.request.headers:
        route.continue_()


def test_text_is_there_before_any_script(page, portal):
    page.route("**/*.js", lambda route: None)  # they never arrive
    page.goto(portal + PATH, wait_until="commit")

    expect(page.get_by_role("heading", level=1)).to_have_text("The platform keeps trying to connect")
    expect(page.get_by_role("button", name="Yes, it's down")).to_be_visible()


def refuse_htmx(route):
    """Answers htmx as a server in trouble would; the browser's own request goes through."""
    if "hx-request" in route.request.headers:
        route.fulfill(status=503, body="busy")
    else:
        route.continue_()


def test_mistake_is_said_in_place_and_in_the_title(page, portal):
    page.goto(f"{portal}/guides/trading-platform-login/none/")
    answer(page, "Send")

    expect(page.get_by_text("Describe in a few words what happens.")).to_be_visible()
    expect(page).to_have_title("Error: None of these describes my problem – Trading platform – Login help")


def test_colours_can_be_switched_and_stay(watched, portal):
    watched.emulate_media(color_scheme="light")
    watched.goto(portal)
    watched.get_by_role("button", name="Dark colors").click()
    assert watched.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 22, 32)"
    watched.goto(f"{portal}/faq/")

    assert watched.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 22, 32)"
    watched.get_by_role("button", name="Light colors").click()
    assert watched.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"modifiers": ["Shift"]}, {"button": "middle"}])
def test_link_opens_in_a_new_tab_as_everywhere(watched, portal, how):
    watched.goto(f"{portal}/guides/trading-platform-login/")
    link = watched.get_by_role("link", name="The platform keeps trying to connect")
    with watched.context.expect_page(timeout=5_000) as opened:
        link.click(**how)
    opened.value.wait_for_url(f"{portal}/guides/trading-platform-login/connection-attempts/")
    assert watched.url == f"{portal}/guides/trading-platform-login/"
