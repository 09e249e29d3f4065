"""On paper: all of a page is open, every link has an address that can be typed, and cards break across pages."""

import re

from playwright.sync_api import Page, expect

from helpdesk.guides.models import Symptom

# What A4 leaves between the browser's margins, in CSS pixels.
PAPER = {"width": 718, "height": 1047}
CONNECTION = "/guides/trading-platform-login/connection-attempts/"
AFTER = "element => getComputedStyle(element, '::after').content"


def print_preview(page: Page, address: str) -> None:
    page.set_viewport_size(PAPER | {"height": 100})
    page.goto(address)
    page.emulate_media(media="print")


def test_situation_of_three_checks_is_open_and_takes_one_and_a_half_pages(page: Page, portal: str) -> None:
    symptom = Symptom.objects.get(slug="connection-attempts", guide__slug="trading-platform-login")
    checks = symptom.checks.select_related("cause__resolution").order_by("position")
    assert len(checks) == 3
    print_preview(page, f"{portal}{CONNECTION}all/")

    for check in checks:
        expect(page.get_by_role("heading", name=check.cause.question or check.cause.title, exact=True)).to_be_visible()
        expect(page.get_by_text(check.cause.resolution.title).first).to_be_visible()
    expect(page.locator('main a[href^="tel:"]').first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight") <= 1.5 * PAPER["height"]
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) <= 2


def test_button_prints_all_checks_once(page: Page, portal: str) -> None:
    page.add_init_script("window.printed = 0; window.print = () => { window.printed += 1; }")
    page.goto(f"{portal}{CONNECTION}check/internet-down/")
    page.get_by_role("button", name="Print this page").click()
    page.wait_for_url(f"{portal}{CONNECTION}all/")
    assert page.evaluate("printed") == 1
    page.reload()
    assert page.evaluate("printed") == 0
    page.get_by_role("button", name="Print this page").click()
    assert page.evaluate("printed") == 1
    expect(page).to_have_url(f"{portal}{CONNECTION}all/")


def test_links_have_an_address_that_can_be_typed(page: Page, portal: str) -> None:
    print_preview(page, f"{portal}{CONNECTION}all/")
    assert page.get_by_role("link", name="Close them by phone").evaluate(AFTER) == '" (help no. 1313)"'

    print_preview(page, f"{portal}/guides/trading-platform-login/")
    situations = page.locator(".link-list [data-address]")
    numbers = [re.search(r"help no\. (\d+)", said) for said in situations.evaluate_all(f"all => all.map({AFTER})")]
    assert [number and int(number[1]) for number in numbers] == list(range(1101, 1112))

    print_preview(page, f"{portal}/contact/")
    outside = page.get_by_role("link", name="More on our website").first
    assert outside.evaluate(AFTER) == f'" ({outside.get_attribute("href")})"'
    assert page.locator(".card").first.evaluate("card => getComputedStyle(card).breakInside") == "auto"
    assert page.locator("details:not([open])").evaluate_all(
        "all => all.every(one => [...one.children].every(child => child.checkVisibility()))"
    )


def test_check_names_the_page_of_all_checks(page: Page, portal: str) -> None:
    print_preview(page, f"{portal}{CONNECTION}check/internet-down/")

    every = page.get_by_role("link", name="See all checks on one page")
    assert every.evaluate(AFTER) == f'" ({portal}{CONNECTION}all/)"'
    expect(page.locator(".answers")).to_be_hidden()
