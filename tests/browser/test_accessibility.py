"""Accessibility of every type of page, light and dark, on a telephone and a desk; and the text at twice its size."""

from urllib.parse import urlsplit

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from helpdesk.guides.models import Guide, Symptom
from tests import factories
from tests.browser import axe
from tests.browser.test_forced_colors import PAINTED, TEXT, contrast

SYMPTOM = "/guides/trading-platform-login/connection-attempts/"
QUESTION = "/guides/account-management-login/invalid-username-password/check/"
PAGES = {
    "home": "/",
    "contact points": "/contact/",
    "what is new": "/news/",
    "guide": "/guides/trading-platform-login/",
    "none of these": "/guides/trading-platform-login/none/",
    "words sent": "/guides/trading-platform-login/none/?sent=1",
    "symptom": SYMPTOM,
    "symptom with a notice": "/guides/account-management-login/invalid-username-password/",
    "symptom with one check": "/guides/trading-platform-login/without-security-device/",
    "question with an announcement": f"{QUESTION}caps-lock-on/",
    "what to do, with an announcement": f"{QUESTION}caps-lock-on/fix/",
    "what happens now, with an announcement": f"{QUESTION}account-locked/fix/",
    "check": f"{SYMPTOM}check/ports-blocked/?no=internet-down&skip=firewall-blocking",
    "all checks": f"{SYMPTOM}all/",
    "fixed": f"{SYMPTOM}fixed/?by=ports-blocked",
    "contact": f"{SYMPTOM}contact/?no=internet-down,ports-blocked&skip=firewall-blocking",
    "FAQ": "/faq/",
    "topic": "/faq/topic/tws/#windows-screenshot",
    "entry": "/faq/windows-screenshot/",
    "not found": "/nothing/",
    "search": "/search/?q=passcode",
    "search before it": "/search/?q=",
    "search that finds nothing": "/search/?q=xylophone",
}
ERROR_PAGES = ("400", "403", "429", "500")


def answer_with(html):
    return lambda route: route.fulfill(body=html, content_type="text/html")


@pytest.fixture
def pages(page, portal, rf):
    """Every page type with its path, those included that take more than the first content."""
    guide = Guide.objects.get(slug="trading-platform-login")
    other = Guide.objects.get(slug="account-management-login")
    onward = factories.make_symptom(guide=guide, title="I do not know which", leads_to=other)
    gone = factories.make_symptom(guide=guide, archive_at=timezone.now())
    factories.make_announcement(symptoms=[Symptom.objects.get(slug="invalid-username-password", guide=other)])
    page.goto(f"{portal}{SYMPTOM}contact/?no=internet-down")
    page.get_by_role("button", name="Get a reference number").click()
    page.wait_for_url("**/handoff/**")
    more = {"onward": onward.get_absolute_url(), "gone": gone.get_absolute_url(), "hand-off": urlsplit(page.url).path}
    more["legal text"] = factories.make_legal_text().get_absolute_url()
    for status in ERROR_PAGES:
        html = render_to_string(f"{status}.html", request=rf.get("/"))
        page.route(f"**/error/{status}/", answer_with(html))
        more[status] = f"/error/{status}/"
    return PAGES | more


def test_pages_have_no_fault_that_axe_can_see(page, portal, pages):
    faults = {}
    for name, path in pages.items():
        page.goto(portal + path)
        if found := axe.faults_on_screens(page, enable=axe.STRICT):
            faults[name] = found
        assert page.evaluate("window.violations") == []

    assert faults == {}


def test_every_text_can_be_read_in_forced_colors(page, portal, pages):
    faults = {}
    for name, path in pages.items():
        page.goto(portal + path)
        for scheme in ("light", "dark"):
            page.emulate_media(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
            painted = {(text, ground): where for text, ground, where in page.evaluate(PAINTED, TEXT)}
            assert painted, name
            if found := [where for colors, where in painted.items() if contrast(*colors) < 4.5]:
                faults[name, scheme] = found

    assert faults == {}


def test_pages_with_text_twice_as_large_stay_in_a_small_screen(page, portal, pages):
    faults = []
    for name, path in pages.items():
        page.goto(portal + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (320, 640):
            page.set_viewport_size({"width": width, "height": 800})
            if axe.is_too_wide(page):
                faults.append((name, width))

    assert faults == []
