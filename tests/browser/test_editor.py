"""What an editor does in a real browser, from the first click to what visitors see, with the clicks counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from helpdesk.guides.models import Guide, Symptom
from tests.accounts.staff_people import editor, make_user, signed_in
from tests.contentadmin.forms import save, url_of


class Desk:
    """The browser of an editor; counts what he does, and takes no longer than a person would wait."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.clicks = 0
        self.keys = 0
        self.started = monotonic()

    def click(self, name: str, role: Any = "link", **options: Any) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, **options).first.click()

    def save(self, name: str = "Save") -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()
        expect(self.page.locator(".messagelist .success").first).to_be_visible()

    def write(self, label: str, text: str) -> None:
        self.keys += len(text)
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, row: int, words: str) -> None:
        """A check for the row: opened, searched, taken with the keyboard."""
        self.clicks += 1
        self.page.locator(f"#checks-{row} .select2-selection").click()
        self.keys += len(words) + 1
        self.page.locator(".select2-search__field").fill(words)
        self.page.locator(".select2-results__option--highlighted", has_text=re.compile(words, re.I)).wait_for()
        self.page.keyboard.press("Enter")

    def cost(self) -> str:
        return f"{self.clicks} clicks, {self.keys} keys, {monotonic() - self.started:.0f} s"


@pytest.fixture
def desk(page: Page, live_content: None, live_server: Any, record_property: Any) -> Iterator[Desk]:
    name = settings.SESSION_COOKIE_NAME
    session = signed_in(make_user("Editor", name="Ada")).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": f"{live_server.url}/admin/"}])
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    desk = Desk(page, live_server.url)
    yield desk
    record_property("cost", desk.cost())
    assert faults == []


def test_guide_with_three_situations_from_nothing_to_published_and_renamed(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.address}/admin/guides/guide/")
    desk.click("Add guide")
    desk.write("Title:", "I cannot log in to the mobile app")
    desk.write("Short title:", "Mobile app")
    desk.save("Save and continue editing")

    desk.click("Add a situation")
    for place, (title, check) in enumerate(
        [("The app does not start", "firewall"), ("My password is refused", "approved"), ("My phone is lost", "closed")]
    ):
        desk.write("Title:", title)
        desk.click("Add another Check", "button")
        desk.choose(0, check)
        desk.save("Save" if place == 2 else "Save and add another")
    symptoms = Symptom.objects.filter(guide__slug="mobile-app")
    assert [symptom.title for symptom in symptoms] == [
        "The app does not start",
        "My password is refused",
        "My phone is lost",
    ]
    assert Client().get("/guides/mobile-app/").status_code == 404

    page.goto(f"{desk.address}/admin/guides/guide/")
    desk.clicks += 3
    page.get_by_role("row", name="Mobile app").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(label="Publish, with all situations")
    with page.expect_navigation():
        page.get_by_role("button", name="Go", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("4 pages changed.")

    old_mail = symptoms[2].get_absolute_url()
    page.goto(desk.address + old_mail)
    expect(page.get_by_role("heading", level=1)).to_have_text("My phone is lost")

    guide = Guide.objects.get(slug="mobile-app")
    page.goto(f"{desk.address}/admin/guides/guide/{guide.pk}/change/")
    desk.write("Slug:", "phone-app")
    desk.save()
    page.goto(desk.address + old_mail)
    expect(page).to_have_url(f"{desk.address}/guides/phone-app/my-phone-is-lost/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My phone is lost")


def test_second_of_two_editors_is_told_and_keeps_both_texts(desk: Desk) -> None:
    page = desk.page
    symptom = Symptom.objects.get(number=1101)
    page.goto(f"{desk.address}{url_of(symptom)}")
    desk.write("Message on the screen:", "Written by Ada")
    assert save(editor("Bob"), symptom, title="Written by Bob").status_code == 302

    desk.clicks += 1
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".errorlist").first).to_contain_text("Bob saved this page while you were editing")
    expect(page.get_by_role("row", name="Title")).to_contain_text("Written by Bob")
    expect(page.get_by_label("Message on the screen:", exact=True)).to_have_value("Written by Ada")

    desk.write("Title:", "Written by Bob")
    desk.save()
    symptom.refresh_from_db()
    assert (symptom.title, symptom.message) == ("Written by Bob", "Written by Ada")
    assert [version.history_user.last_name for version in symptom.history.all()[:2]] == ["Ada", "Bob"]
