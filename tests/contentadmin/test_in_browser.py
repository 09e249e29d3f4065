"""The admin in a real browser: rows in an order, the preview, links to copy, nothing that the policy refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from helpdesk.addresses.models import HelpNumber
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.feedback.models import HandOff
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.search.models import Search, Synonym
from tests.accounts.staff_people import make_user
from tests.browser import axe
from tests.contentadmin.forms import add_url, list_url, url_of
from tests.factories import make_cause, make_contact_point, make_faq_entry, make_guide, make_symptom

WATCH = """
    document.addEventListener("securitypolicyviolation", (e) =>
        console.error(`refused: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


@pytest.fixture
def symptom(transactional_db: None) -> Symptom:
    return make_symptom(causes=[make_cause(title=title) for title in "ABC"], title="Nothing happens")


@pytest.fixture
def signed_in(page: Page, live_server: Any, symptom: Symptom) -> Page:
    """The browser of an editor."""
    page.context.add_cookies([session_of_an_editor(live_server)])
    return page


@pytest.fixture
def desk(signed_in: Page) -> Iterator[Page]:
    """The browser of an editor; afterwards nothing was refused and no error was in the console."""
    faults: list[str] = []
    signed_in.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    signed_in.on("pageerror", lambda error: faults.append(str(error)))
    signed_in.add_init_script(WATCH)
    yield signed_in
    assert faults == []


def session_of_an_editor(live_server: Any) -> Any:
    client = Client()
    client.force_login(make_user("Editor"))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": f"{live_server.url}/admin/"}


def order(symptom: Symptom) -> list[tuple[int, str]]:
    return list(symptom.checks.order_by("position").values_list("position", "cause__title"))


def save(desk: Page) -> None:
    with desk.expect_navigation():
        desk.locator("input[name=_save]").first.click()
    expect(desk.locator(".messagelist .success")).to_be_visible()


def test_row_is_moved_with_the_keyboard(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom))
    up = desk.locator("#checks-2 .move-row[data-way=up]")
    up.focus()
    up.press("Enter")
    up.press("Space")
    expect(up).to_be_focused()
    save(desk)
    assert order(symptom) == [(1, "C"), (2, "A"), (3, "B")]


def test_row_is_dragged(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom))
    handle, target = desk.locator("#checks-0 .admin-ordering-field-input-wrapper"), desk.locator("#checks-2")
    handle.scroll_into_view_if_needed()
    start, end = handle.bounding_box(), target.bounding_box()
    assert start
    assert end
    desk.mouse.move(start["x"] + 5, start["y"] + start["height"] / 2)
    desk.mouse.down()
    desk.mouse.move(start["x"] + 5, end["y"] + end["height"] / 2, steps=12)
    desk.mouse.move(start["x"] + 5, end["y"] + end["height"] + 4, steps=4)
    desk.mouse.up()
    save(desk)
    assert order(symptom) == [(1, "B"), (2, "C"), (3, "A")]


def test_row_is_added_and_moved_to_the_top(desk: Page, live_server: Any, symptom: Symptom) -> None:
    make_cause(title="Nowhere yet")
    desk.goto(live_server.url + url_of(symptom))
    desk.get_by_role("button", name="Add another Check").click()
    desk.locator("#checks-3 .select2-selection").click()
    desk.locator(".select2-search__field").fill("nowhere")
    desk.locator(".select2-results__option", has_text="Nowhere yet").click()
    for _ in range(3):
        desk.locator("#checks-3 .move-row[data-way=up]").click()
    save(desk)
    assert order(symptom) == [(1, "Nowhere yet"), (2, "A"), (3, "B"), (4, "C")]


def test_preview_follows_what_is_written(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom))
    field = desk.locator("[data-markdown-field]").first
    shown = field.locator("[data-markdown-text]")
    expect(shown).to_have_text("Nothing to preview yet.")
    field.locator("textarea").fill('!!! note "Good"\n    Press ++ctrl+c++ <script>document.title = "x"</script>')
    expect(shown.locator(".admonition.note .admonition-title")).to_have_text("Good")
    expect(shown.locator("kbd").first).to_be_visible()
    assert shown.locator("script").count() == 0


def test_preview_says_when_it_cannot_be_loaded(signed_in: Page, live_server: Any, symptom: Symptom) -> None:
    signed_in.goto(live_server.url + url_of(symptom))
    field = signed_in.locator("[data-markdown-field]").first
    status = field.locator("[data-markdown-status]")
    signed_in.context.clear_cookies()
    field.locator("textarea").fill("One")
    expect(status).to_have_text("The preview couldn't be loaded. Your text isn't affected.")
    signed_in.context.add_cookies([session_of_an_editor(live_server)])
    signed_in.route("**/markdown/preview/", lambda route: route.fulfill(status=413, body="Too long."))
    field.locator("textarea").fill("Two")
    expect(status).to_have_text("Too long.")


def test_links_are_copied(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.goto(live_server.url + url_of(symptom))
    copied = []
    for name in ("direct", "short"):
        desk.get_by_role("button", name=f"Copy {name} link").click()
        expect(desk.locator("[data-copy-status]")).to_have_text(f"{name.capitalize()} link copied.")
        copied.append(desk.evaluate("navigator.clipboard.readText()"))
    assert copied == [live_server.url + symptom.get_absolute_url(), live_server.url + symptom.short_url]


def test_links_can_be_read_without_javascript(browser: Browser, live_server: Any, symptom: Symptom) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session_of_an_editor(live_server)])
    page = context.new_page()
    page.goto(live_server.url + url_of(symptom))
    expect(page.locator(".page-links a").first).to_have_text(live_server.url + symptom.get_absolute_url())
    expect(page.locator("[data-copy-link]").first).to_be_hidden()
    expect(page.locator("[data-markdown-preview]").first).to_be_hidden()
    context.close()


def test_no_page_of_the_admin_breaks_the_policy(desk: Page, live_server: Any, symptom: Symptom) -> None:
    cause = symptom.checks.first().cause
    entry, contact, draft = make_faq_entry(), make_contact_point(), make_guide(published=False)
    synonym = Synonym.objects.create(words="dongle", means="security device")
    for record in (symptom, cause, entry, contact, synonym):
        record.save()  # makes a second version, for the history
    addresses = [
        "/admin/",
        "/admin/check/?warnings=on&drafts=on",
        "/admin/guides/",
        "/admin/password_change/",
        "/admin/search/search/in-vain/",
    ]
    addresses += [list_url(model) for model in (Guide, Symptom, Cause, Resolution, ContactPoint)]
    addresses += [list_url(model) for model in (FaqCategory, FaqEntry, HandOff, HelpNumber)]
    addresses += [list_url(model) for model in (Synonym, Search)]
    addresses += [add_url(model) for model in (Guide, Symptom, Cause, FaqEntry, Synonym)]
    for record in (symptom, symptom.guide, cause, cause.resolution, entry, entry.category, contact, draft, synonym):
        addresses += [url_of(record), url_of(record, "delete"), url_of(record, "history")]
        addresses.append(f"{url_of(record, 'history')}{record.history.first().pk}/")
    for address in addresses:
        response = desk.goto(live_server.url + address)
        assert response
        assert (address, response.status) == (address, 200)


def test_report_of_searches_is_for_everybody_and_every_screen(signed_in: Page, live_server: Any) -> None:
    now = timezone.now()
    for place, words in enumerate(["dongle", "x" * 200, "<b>", "two words"]):
        searched = {"visitor": f"v{place}", "day": now.date(), "recorded_at": now}
        Search.objects.create(words=words, hits=place % 2, **searched)
    for address in (add_url(Synonym), "/admin/search/search/in-vain/"):
        signed_in.goto(live_server.url + address)
        assert (address, axe.faults_on_screens(signed_in)) == (address, {})
    signed_in.locator("a", has_text=re.compile("Add a synonym.*dongle")).click()
    expect(signed_in.get_by_label("Customers say")).to_have_value("dongle")
