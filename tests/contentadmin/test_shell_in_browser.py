"""The frame of the admin and the forms in it: nothing on them that axe can see, on any screen, in light and dark."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Guide, Symptom
from tests.accounts.staff_people import editor
from tests.browser import axe
from tests.contentadmin.forms import add_url, list_url, url_of

# Select2 makes the lists of choices; labels.js names them in a turn of its own.
NAMED = """
    [...document.querySelectorAll("select.select2-hidden-accessible")]
        .every((select) => select.nextElementSibling.querySelector("[aria-label]"))
"""


def test_admin_is_for_everybody_and_every_screen(page: Page, live_content: None, live_server: Any) -> None:
    name = settings.SESSION_COOKIE_NAME
    session = editor("Ada").cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": f"{live_server.url}/admin/"}])
    symptom = Symptom.objects.get(number=1101)
    cause = symptom.checks.first().cause
    addresses = [reverse("admin:index"), f"{reverse('tickets')}?q=token", reverse("ticket", args=[symptom.number])]
    addresses += [list_url(Guide), list_url(Symptom), add_url(Symptom), url_of(symptom), url_of(symptom.guide)]
    addresses += [url_of(cause), url_of(cause.resolution), url_of(FaqEntry.objects.first()), add_url(Cause)]
    faults: dict[str, Any] = {}
    for address in addresses:
        page.goto(live_server.url + address)
        page.wait_for_function(NAMED)
        if found := axe.faults_on_screens(page, [("light", 1280), ("dark", 320)]):
            faults[address] = found
    assert faults == {}
