"""Export and import in a browser: change a text, see the difference, take over one of two changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from helpdesk.guides.models import Guide
from tests.browser import axe
from tests.contentadmin.test_in_browser import WATCH, session_of_an_editor


@pytest.fixture
def desk(page: Page, live_content: None, live_server: Any) -> Iterator[Page]:
    """Browser of an editor; afterwards no error was in the console."""
    faults: list[str] = []
    page.context.add_cookies([session_of_an_editor(live_server)])
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(WATCH)
    yield page
    assert faults == []


def look_at(page: Page) -> None:
    """Check that the page is accessible in both color schemes and fits on a phone."""
    assert (page.url, axe.faults_on_screens(page, [("light", 1280), ("dark", 320)])) == (page.url, {})


def test_text_that_was_changed_in_the_file_is_taken_over(desk: Page, live_server: Any, tmp_path: Path) -> None:
    desk.goto(f"{live_server.url}/admin/")
    with desk.expect_event("load"):
        desk.get_by_role("link", name="Export and import", exact=True).first.click()
    look_at(desk)
    with desk.expect_download() as download:
        desk.get_by_role("link", name="Export all content").click()
    file = tmp_path / "content.yaml"
    text = Path(download.value.path()).read_text()
    first, second = (guide.title for guide in Guide.objects.all())
    file.write_text(
        text.replace(f"title: {first}", "title: The first one").replace(f"title: {second}", "title: The second")
    )
    desk.get_by_label("File", exact=True).set_input_files(file)
    desk.get_by_role("button", name="Review changes").click()
    expect(desk.locator(".figures")).to_contain_text("2 changed")
    record = desk.locator(".record", has_text=second)
    expect(record.locator("ins")).to_contain_text("The second")
    look_at(desk)
    record.get_by_role("checkbox").focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="Import", exact=True).click()
    expect(desk.locator(".progress-step").first).to_be_attached()
    expect(desk.locator(".progress-result")).to_contain_text("Import complete.")
    expect(desk.locator(".progress-result")).to_contain_text("Changed: 1 guide")
    look_at(desk)
    assert [guide.title for guide in Guide.objects.all()] == [first, "The second"]
