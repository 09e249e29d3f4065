"""Pictures in a real browser: pasted into a text, described, seen in the preview and on the page."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image as Pillow
from playwright.sync_api import Browser, Locator, Page, Route, expect

from helpdesk.guides.models import Symptom
from helpdesk.images.models import Image
from tests.accounts.staff_people import make_user
from tests.browser import axe
from tests.contentadmin.forms import add_url, list_url, url_of
from tests.factories import make_symptom
from tests.images.making import drawn, make_image, saved

WATCH = """
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
        .observe({ type: "layout-shift", buffered: true });
    document.addEventListener("securitypolicyviolation", (e) =>
        console.error(`refused: ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""
# What a browser hands to a page with Ctrl+V: files of the clipboard, and its words where there are any.
PASTE = """
    (text, [files, words]) => {
        const data = new DataTransfer();
        for (const [name, type, content] of files) {
            const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
            data.items.add(new File([bytes], name, { type }));
        }
        if (words) data.setData("text/plain", words);
        const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
        return text.dispatchEvent(event);
    }
"""


@pytest.fixture
def symptom(transactional_db: None) -> Symptom:
    return make_symptom(title="Nothing happens", introduction="Look at this.")


def session(live_server: Any) -> Any:
    client = Client()
    client.force_login(make_user("Editor"))
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": f"{live_server.url}/admin/"}


@pytest.fixture
def signed_in(page: Page, live_server: Any, symptom: Symptom) -> Page:
    """The browser of an editor."""
    page.context.add_cookies([session(live_server)])
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


def paste(text: Locator, data: bytes, *, name: str = "image.png", words: str = "") -> bool:
    """Pastes a file; false where the page took it, so that the browser does nothing more."""
    return text.evaluate(PASTE, [[[name, "image/png", base64.b64encode(data).decode()]], words])


def later(route: Route) -> None:
    """The picture comes when the page has long been seen, as in a bad network."""
    time.sleep(0.5)
    route.continue_()


def photograph() -> bytes:
    """Wide, and heavy enough for its narrower ones to be lighter."""
    bands = [Pillow.effect_noise((1800, 400), sigma) for sigma in (30, 60, 90)]
    return saved(Pillow.merge("RGB", bands), "JPEG", quality=60)


def test_pasted_picture_comes_into_the_text_and_onto_the_page(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom))
    field = desk.locator("[data-markdown-field]").first
    text, panel, status = (field.locator(name) for name in ("textarea", ".picture-panel", "[data-picture-status]"))
    text.focus()
    text.press("Control+End")
    assert not paste(text, photograph())
    expect(panel.get_by_label("Description", exact=True)).to_be_focused()
    desk.keyboard.press("Enter")
    expect(status).to_have_text("Describe what the picture shows first.")
    desk.keyboard.type("The lamp [green]")
    desk.keyboard.press("Enter")
    expect(status).to_have_text("The picture was uploaded. Picture inserted.")
    image = Image.objects.get()
    expect(text).to_have_value(f"Look at this.\n\n![The lamp \\[green\\]]({image.picture.url})")
    expect(text).to_be_focused()
    expect(panel).to_be_hidden()
    expect(field.locator("[data-markdown-text] img")).to_have_js_property("complete", True)

    text.press("Control+z")
    expect(text).to_have_value("Look at this.")
    text.press("Control+Shift+z")
    with desk.expect_navigation():
        desk.locator("input[name=_save]").first.click()

    desk.set_viewport_size({"width": 320, "height": 700})
    desk.route("**/media/**", later)
    desk.goto(live_server.url + symptom.get_absolute_url())
    picture = desk.get_by_role("img", name="The lamp [green]")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.currentSrc") == f"{live_server.url}/media/{image.picture.narrower(480)}"
    seen = picture.evaluate("image => [image.naturalWidth > 0, image.clientWidth <= innerWidth, window.moved]")
    assert seen == [True, True, 0]
    assert desk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_picture_is_chosen_refused_and_found_with_the_keyboard(
    signed_in: Page, live_server: Any, symptom: Symptom, tmp_path: Any
) -> None:
    page = signed_in
    there = make_image(description="A red box")
    make_image("blue", description="A blue key")
    (tmp_path / "page.png").write_text("<html>")
    page.goto(live_server.url + url_of(symptom))
    field = page.locator("[data-markdown-field]").first
    text, panel, status = (field.locator(name) for name in ("textarea", ".picture-panel", "[data-picture-status]"))
    assert paste(text, saved(drawn()), words="a cell of a spreadsheet")  # its words are meant
    expect(panel).to_be_hidden()

    field.get_by_role("button", name="Bold").focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(panel.get_by_label("File")).to_be_focused()
    for content, sentence in (
        (None, "Choose a file, or paste a picture into the text."),
        (b"<html>", "This file type isn't supported. Choose a PNG, JPEG, WebP or GIF file."),
        (b"x" * 10_000_001, re.compile("This file is too large. Pictures can be up to 10 MB")),
    ):
        if content:
            (tmp_path / "page.png").write_bytes(content)
            panel.get_by_label("File").set_input_files(tmp_path / "page.png")
        panel.get_by_label("Description", exact=True).fill("A page")
        panel.get_by_role("button", name="Upload and insert").click()
        expect(status).to_have_text(sentence)
    page.route("**/image/upload/", lambda route: route.abort())
    (tmp_path / "page.png").write_bytes(saved(drawn(colour="green")))
    panel.get_by_label("File").set_input_files(tmp_path / "page.png")
    panel.get_by_label("Description", exact=True).press("Enter")
    expect(status).to_have_text(re.compile("couldn't be uploaded. Your text isn't affected"))
    expect(panel.get_by_label("Description", exact=True)).to_have_value("A page")

    panel.get_by_label("Search by description").fill("red")
    expect(panel.locator("li")).to_have_text(["A red box"])
    panel.get_by_role("button", name="A red box").press("Enter")
    expect(text).to_have_value(f"Look at this.\n\n{there.markdown}")
    expect(status).to_have_text("Picture inserted.")
    assert Image.objects.count() == 2


def test_tools_write_what_they_say(desk: Page, live_server: Any, symptom: Symptom) -> None:
    desk.goto(live_server.url + url_of(symptom))
    field = desk.locator("[data-markdown-field]").first
    text = field.locator("textarea")
    written = {
        ("Bold", "now"): "**now**",
        ("Link", "now"): "[now](/s/1042/)",
        ("Keys", "Ctrl+C"): "++ctrl+c++",
        ("List", "one\ntwo"): "- one\n- two",
        ("Steps", "one\ntwo"): "1. one\n2. two",
        ("Callout", "one\ntwo"): '!!! note "Good to know"\n    one\n    two',
        ("Bold", ""): "**bold text**",
    }
    for (tool, words), markdown in written.items():
        text.fill(words)
        text.select_text()
        field.get_by_role("button", name=tool, exact=True).click()
        expect(text).to_have_value(markdown)
        text.press("Control+z")
        expect(text).to_have_value(words)
    text.fill("Before")
    field.get_by_role("button", name="Steps", exact=True).click()
    desk.keyboard.type("Go")
    expect(text).to_have_value("Before\n\n1. Go")


def test_pages_are_for_everybody_and_every_screen(signed_in: Page, live_server: Any, symptom: Symptom) -> None:
    image = make_image(width=900, description="A red box")
    make_image("blue", description="x" * 300)
    symptom.introduction = image.markdown
    symptom.save()
    for address in (list_url(Image), add_url(Image), url_of(image), url_of(image, "delete"), url_of(symptom)):
        signed_in.goto(live_server.url + address)
        for field in signed_in.locator("[data-markdown-field]").all():
            field.get_by_role("button", name="Insert a picture").click()
            expect(field.locator(".picture-there li")).to_have_count(2)
        # The rest of the symptom's form is not ours.
        part = "fieldset:has(.markdown-field)" if address == url_of(symptom) else "body"
        found = axe.faults_on_screens(signed_in, [("light", 1280), ("dark", 320)], parts=[part])
        assert (address, found) == (address, {})


def test_picture_is_uploaded_without_javascript(
    browser: Browser, live_server: Any, symptom: Symptom, page: Page, tmp_path: Any
) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([session(live_server)])
    desk = context.new_page()
    desk.goto(live_server.url + url_of(symptom))
    for hidden in (".markdown-tools", ".picture-panel"):
        expect(desk.locator(hidden).first).to_be_hidden()
    (tmp_path / "box.png").write_bytes(saved(drawn()))
    desk.goto(live_server.url + add_url(Image))
    desk.get_by_label("File").set_input_files(tmp_path / "box.png")
    desk.get_by_label("Description").fill("A red box")
    desk.get_by_role("button", name="Upload").click()
    expect(desk.locator(".picture-line")).to_have_text(Image.objects.get().markdown)
    expect(desk.locator(".whole-picture")).to_be_visible()
    context.close()
