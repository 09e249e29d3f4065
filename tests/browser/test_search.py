"""The search box with a script: suggestions while typing, by keyboard and by mouse, and what happens when they fail."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe

GUIDE = "/guides/trading-platform-login/"
SYMPTOM = f"{GUIDE}connection-attempts/"
REFUSED = "/guides/{}/invalid-passcode/"


def field(page: Page):
    return page.locator("input[name=q]").first


def suggestions(page: Page):
    return page.get_by_role("listbox", name="Suggestions")


def options(page: Page):
    return suggestions(page).get_by_role("option")


def write(page: Page, words: str):
    """As a visitor does, letter by letter; the suggestions for all of it are there."""
    field(page).press_sequentially(words, delay=20)
    expect(options(page).last).to_have_text(f"Search for “{words}”")


def expect_closed(page: Page):
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    expect(suggestions(page)).to_have_count(0)


@pytest.fixture
def home(watched, portal):
    watched.goto(portal)
    return watched


# Without a script


def test_box_searches_without_a_script(browser, portal):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(portal + SYMPTOM)
    page.get_by_label("Search", exact=True).fill("invalid passcode")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{portal}/search/?q=invalid+passcode&guide=trading-platform-login")
    expect(page.get_by_role("heading", name="My passcode is refused")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
    context.close()


def test_box_searches_when_its_script_does_not_come(page, portal):
    page.route("**/search*.js", lambda route: route.abort())
    page.goto(portal)
    field(page).press_sequentially("java")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{portal}/search/?q=java")


# By keyboard


def test_down_and_enter_open_a_page(home, portal):
    write(home, "invalid passc")
    first = options(home).first
    for _ in range(options(home).count() + 1):  # once round, and past the field
        field(home).press("ArrowDown")
    expect(field(home)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    field(home).press("ArrowDown")

    expect(field(home)).to_be_focused()
    expect(first).to_have_attribute("aria-selected", "true")
    expect(field(home)).to_have_attribute("aria-activedescendant", first.get_attribute("id"))
    address = first.get_attribute("href")
    field(home).press("Enter")
    expect(home).to_have_url(portal + address)


def test_up_from_the_field_is_the_search_for_all(home, portal):
    write(home, "passc")
    field(home).press("ArrowUp")
    expect(options(home).last).to_have_attribute("aria-selected", "true")
    field(home).press("Enter")

    expect(home).to_have_url(f"{portal}/search/?q=passc")


def test_enter_searches_when_no_suggestion_is_chosen(home, portal):
    write(home, "passcode")
    field(home).press("Enter")

    expect(home).to_have_url(f"{portal}/search/?q=passcode")
    expect(home.get_by_role("heading", level=1)).to_contain_text("for “passcode”")


def test_escape_closes_and_keeps_the_words_down_opens_again(home):
    write(home, "passc")
    field(home).press("Escape")
    expect_closed(home)
    expect(field(home)).to_have_value("passc")
    field(home).press("ArrowDown")

    expect(suggestions(home)).to_be_visible()
    expect(field(home)).to_have_attribute("aria-expanded", "true")


def test_tab_leaves_to_the_button_and_closes(home):
    write(home, "passc")
    field(home).press("Tab")

    expect_closed(home)
    expect(home.get_by_role("button", name="Search")).to_be_focused()


def test_field_is_a_combobox_that_controls_its_list(home):
    write(home, "passc")
    box = home.get_by_role("combobox", name="Describe it, or paste the message on your screen")

    expect(box).to_have_attribute("aria-autocomplete", "list")
    expect(box).to_have_attribute("aria-controls", suggestions(home).get_attribute("id"))


def test_situation_of_two_guides_is_an_option_for_each(home):
    write(home, "invalid passc")

    for place, slug in (
        ("Trading platform", "trading-platform-login"),
        ("Account Management", "account-management-login"),
    ):
        option = suggestions(home).get_by_role("option", name=f"My passcode is refused: {place}")
        expect(option).to_have_attribute("href", REFUSED.format(slug))
    expect(home.locator(".several").get_by_text("My passcode is refused")).to_have_count(1)


# By mouse and touch


def test_click_opens_a_page_and_back_comes_to_the_same_words(home, portal):
    write(home, "java")
    address = options(home).first.get_attribute("href")
    options(home).first.click()
    expect(home).to_have_url(portal + address)
    home.go_back()

    expect(home).to_have_url(f"{portal}/")
    expect(suggestions(home)).to_have_count(0)


def test_touch_opens_a_page(browser, portal):
    context = browser.new_context(has_touch=True, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(portal + SYMPTOM)
    field(page).tap()
    write(page, "java")
    address = options(page).first.get_attribute("href")
    options(page).first.tap()

    expect(page).to_have_url(portal + address)
    context.close()


def test_press_beside_it_closes(home):
    write(home, "passc")
    home.get_by_role("heading", level=1).click()

    expect_closed(home)


def test_nothing_moves_when_it_opens(home):
    before = home.locator("#guides").bounding_box()
    write(home, "passc")

    assert home.locator("#guides").bounding_box() == before


# What is said


def test_number_is_announced_when_the_typing_pauses_and_only_then(home):
    home.evaluate(
        "window.said = []; new MutationObserver(() => said.push(document.querySelector('#announce').textContent))"
        ".observe(document.querySelector('#announce'), {childList: true})"
    )
    write(home, "passcode")
    expect(home.locator("#announce")).to_have_text(f"{options(home).count()} suggestions")

    assert len([words for words in home.evaluate("said") if words]) == 1


# What comes late or not at all


def test_one_letter_asks_for_nothing(home):
    asked = []
    home.on("request", lambda request: asked.append(request.url) if "suggestions" in request.url else None)
    field(home).press_sequentially("p")
    home.wait_for_timeout(400)
    assert asked == []
    field(home).press_sequentially("a")
    expect(suggestions(home)).to_be_visible()

    assert len(asked) == 1


def test_late_answer_to_earlier_words_is_not_shown(home):
    held = []

    def hold(route):
        if "q=passc&" in f"{route.request.url}&":
            held.append(route)
        else:
            route.continue_()

    home.route("**/suggestions/**", hold)
    field(home).press_sequentially("passc")
    home.wait_for_timeout(400)
    assert len(held) == 1
    field(home).fill("java")
    expect(options(home).last).to_have_text("Search for “java”")
    held[0].continue_()
    home.wait_for_timeout(400)

    expect(options(home).last).to_have_text("Search for “java”")


def test_answer_after_leaving_is_dropped(home):
    held = []
    home.route("**/suggestions/**", lambda route: held.append(route))
    field(home).press_sequentially("passc")
    home.wait_for_timeout(400)
    field(home).press("Escape")
    held[0].continue_()
    home.wait_for_timeout(400)

    expect_closed(home)


@pytest.mark.parametrize("failure", ["no connection", "503"])
def test_failure_is_silent_and_the_form_still_works(page, portal, failure):
    fail = (lambda route: route.abort()) if failure == "no connection" else (lambda route: route.fulfill(status=503))
    page.route("**/suggestions/**", fail)
    page.goto(portal)
    field(page).press_sequentially("passcode")
    page.wait_for_timeout(500)

    expect_closed(page)
    expect(page.locator("#announce")).to_have_text("")
    expect(page.locator(".unreachable")).to_have_count(0)
    expect(page).to_have_url(f"{portal}/")
    field(page).press("Enter")
    expect(page).to_have_url(f"{portal}/search/?q=passcode")


def test_words_without_a_suggestion_open_nothing(home):
    write(home, "passc")
    field(home).press_sequentially("xyz")

    expect_closed(home)


# The guide


def test_guide_follows_when_htmx_changes_the_page(watched, portal):
    watched.goto(f"{portal}/guides/trading-platform-login/")
    watched.evaluate("window.mark = true")
    # As from a situation that leads to another guide, without a page load.
    link = watched.locator(f"a[href='{SYMPTOM}']")
    link.evaluate("(link) => link.setAttribute('data-hx-get', '/guides/account-management-login/invalid-passcode/')")
    link.evaluate("(link) => htmx.process(link)")
    link.click()
    expect(watched).to_have_url(f"{portal}/guides/account-management-login/invalid-passcode/")
    assert watched.evaluate("window.mark")
    expect(watched.locator("h1")).to_be_focused()  # all of the change is there
    with watched.expect_request("**/suggestions/**") as asked:
        write(watched, "passc")
    assert "guide=account-management-login" in asked.value.url
    field(watched).press("Enter")

    expect(watched).to_have_url(f"{portal}/search/?q=passc&guide=account-management-login")


def test_no_guide_stands_in_the_address_outside_of_one(watched, portal):
    watched.goto(f"{portal}/faq/")
    write(watched, "passc")
    field(watched).press("Enter")

    expect(watched).to_have_url(f"{portal}/search/?q=passc")


def test_boxes_of_one_page_do_not_mix(watched, portal):
    watched.goto(f"{portal}{GUIDE}none/")
    first, second = watched.locator("input[name=q]").all()
    first.press_sequentially("java")
    expect(options(watched).last).to_have_text("Search for “java”")
    second.press_sequentially("passc")

    expect(first).to_have_attribute("aria-expanded", "false")
    expect(second).to_have_attribute("aria-expanded", "true")
    expect(suggestions(watched)).to_have_count(1)
    expect(suggestions(watched)).to_have_attribute("id", "search-here-list")


# Which page was opened


def test_opened_result_is_told_and_the_link_goes_its_way(watched, portal):
    watched.goto(f"{portal}/search/?q=invalid+passcode")
    link = watched.locator(".results a").first
    number, address = link.get_attribute("data-opened"), link.get_attribute("href")
    with watched.expect_request("**/search/opened/") as told:
        link.click()

    expect(watched).to_have_url(portal + address)
    assert told.value.method == "POST"
    assert told.value.post_data == f"q=invalid+passcode&number={number}"


# How it looks


@pytest.mark.parametrize("width", [320, 640])
def test_list_with_text_twice_as_large_stays_in_a_small_screen(watched, portal, width):
    watched.set_viewport_size({"width": width, "height": 800})
    for path in ("/", SYMPTOM):
        watched.goto(portal + path)
        watched.evaluate("document.documentElement.style.fontSize = '200%'")
        write(watched, "passc")
        assert watched.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path


def test_open_list_has_no_fault_that_axe_can_see(watched, portal):
    watched.goto(portal + SYMPTOM)
    write(watched, "pass")
    field(watched).press("ArrowDown")

    assert axe.faults_on_screens(watched, enable=axe.STRICT) == {}
    expect(field(watched)).to_have_attribute("aria-expanded", "true")


def test_paper_has_no_box(page, portal):
    page.goto(portal + SYMPTOM)
    page.emulate_media(media="print")

    expect(field(page)).to_be_hidden()
