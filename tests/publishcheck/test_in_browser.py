"""The publish check in a real browser: a page from its first faults to its visitors."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.contentadmin.forms import url_of
from tests.contentadmin.test_in_browser import session_of_an_editor
from tests.factories import make_contact_point, make_faq_entry

DEAD = "[Here](/nowhere/)"


@pytest.fixture
def desk(page: Page, live_server: Any, transactional_db: None) -> Page:
    """The browser of an editor."""
    page.context.add_cookies([session_of_an_editor(live_server)])
    return page


def test_page_is_mended_and_published(desk: Page, live_server: Any) -> None:
    entry = make_faq_entry(published=False, answer=f"{DEAD} ![](/static/favicon.svg)", question="Why?")
    desk.goto(live_server.url + url_of(entry))
    panel = desk.locator(".check-panel")
    expect(panel.locator(".check-error")).to_have_count(2)
    panel.locator("summary").press("Enter")
    expect(panel.locator(".check-warning").first).to_be_visible()

    desk.locator("#id_publish_at_0").fill("2026-01-05")
    desk.locator("#id_publish_at_1").fill("09:00")
    desk.locator("#id_answer").fill("Because. ![](/static/favicon.svg)")
    desk.locator("input[name=_continue]").first.click()
    expect(desk.locator(".field-answer .errorlist li")).to_have_count(1)
    expect(desk.locator("#id_answer")).to_have_value("Because. ![](/static/favicon.svg)")
    expect(desk.locator("#id_publish_at_0")).to_have_value("2026-01-05")

    desk.locator("#id_answer").fill("Because. ![A lifebuoy](/static/favicon.svg)")
    desk.locator("input[name=_continue]").first.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    expect(panel).to_contain_text("No problems found.")
    desk.goto(live_server.url + entry.get_absolute_url())
    expect(desk.get_by_role("img", name="A lifebuoy")).to_be_visible()


def test_check_of_everything_is_for_everybody_and_every_screen(desk: Page, live_server: Any) -> None:
    make_contact_point()
    make_faq_entry(answer=DEAD, question="x" * 200)
    make_faq_entry(published=False, answer=DEAD)
    desk.goto(f"{live_server.url}/admin/")
    desk.get_by_role("link", name="Check everything").click()
    desk.get_by_label("Include drafts").check()
    desk.get_by_label("Show warnings").check()
    desk.get_by_role("button", name="Check again").click()
    expect(desk.locator(".check-report").get_by_role("rowheader")).to_have_count(2)
    assert axe.faults_on_screens(desk) == {}
