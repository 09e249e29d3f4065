"""The filter above a long list of situations: by script, by keyboard, and as a search without one."""

import pytest
from playwright.sync_api import Page, expect

from helpdesk.guides.models import Guide
from tests import factories
from tests.browser import axe


@pytest.fixture
def guide(live_content) -> Guide:
    guide = factories.make_guide(slug="email", title="I can't send email", short_title="Email")
    sending = factories.make_group(guide=guide, title="Sending", position=1)
    receiving = factories.make_group(guide=guide, title="Receiving", position=2)
    for number in range(12):
        factories.make_symptom(guide=guide, title=f"Problem {number}", keywords="smtp", causes=[], position=number)
    factories.make_symptom(guide=guide, title="Nobody answers in the Café Größer", group=sending)
    factories.make_symptom(guide=guide, title="It's refused", message="550-5.7.23: Sender not allowed", group=sending)
    factories.make_symptom(guide=guide, title="Code appears", message="E-1042", group=receiving)
    factories.make_symptom(guide=guide, title="ログインできない", group=receiving)
    return guide


def shown(page: Page) -> list[str]:
    return page.locator("#main .link-list strong:visible, #main h2[id^=group]:visible").all_inner_texts()


FOUND = [
    ("answers nobody", ["Sending", "Nobody answers in the Café Größer"]),
    ("CAFE grosser", ["Sending", "Nobody answers in the Café Größer"]),
    ("its", ["Sending", "It's refused"]),
    ("“550 5.7.23 sender not allowed”", ["Sending", "It's refused"]),
    ("e1042", ["Receiving", "Code appears"]),
    ("できない", ["Receiving", "ログインできない"]),
    ("smtp 11", ["Problem 11"]),
    ("swers", []),
]


@pytest.mark.django_db(transaction=True)
def test_list_is_filtered_while_typing(guide, portal, watched):
    page = watched
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{portal}/guides/email/")
    field, status = (
        page.get_by_role("searchbox", name="Type a word, or paste the message"),
        page.locator("form.filter [role=status]"),
    )
    everything = shown(page)
    assert len(everything) == 19  # 16 situations, 2 headings, "None of these"
    expect(status).to_have_text("16 problems")
    place = page.locator(".filter").bounding_box()
    for typed, found in FOUND:
        field.press("Control+A")
        field.press_sequentially(typed)
        count = sum(text not in ("Sending", "Receiving") for text in found)
        expect(status).to_have_text(f"{count} of 16 problems" if found else "No matches. Search everywhere.")
        assert shown(page) == [*found, "None of these"], typed
        assert page.locator(".filter").bounding_box() == place  # nothing above the list moves
    assert page.locator("#main .link-list:visible").count() == 1
    for scheme, width in axe.EVERY_SCREEN:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 844})
        assert axe.faults_of(page) == []
        assert not axe.is_too_wide(page)
    field.press("Escape")
    expect(field).to_have_value("")
    expect(status).to_have_text("16 problems")
    assert shown(page) == everything
    field.fill("sender allowed")
    field.press("Enter")
    page.wait_for_url(f"{portal}/search/?q=sender+allowed&guide=email")


@pytest.mark.django_db(transaction=True)
def test_filter_searches_the_guide_without_a_script(guide, portal, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{portal}/guides/email/")
    page.get_by_role("searchbox", name="Type a word, or paste the message").fill("cafe")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal}/search/?q=cafe&guide=email")
    page.goto(f"{portal}/guides/trading-platform-login/")
    assert page.locator("form.filter").count() == 0
    page.context.close()
