"""Every page type by axe, light and dark, on a telephone and a desk; and nothing runs out of a small screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

SYMPTOM = "/guides/trading-platform-login/connection-attempts/"
PAGES = {
    "home": "/",
    "contact points": "/contact/",
    "guide": "/guides/trading-platform-login/",
    "none of these": "/guides/trading-platform-login/none/",
    "words sent": "/guides/trading-platform-login/none/?sent=1",
    "symptom": SYMPTOM,
    "symptom with a notice": "/guides/account-management-login/invalid-username-password/",
    "symptom with one check": "/guides/trading-platform-login/without-security-device/",
    "check": f"{SYMPTOM}check/ports-blocked/?no=internet-down&skip=firewall-blocking",
    "all checks": f"{SYMPTOM}all/",
    "fixed": f"{SYMPTOM}fixed/?by=ports-blocked",
    "contact": f"{SYMPTOM}contact/?no=internet-down,ports-blocked&skip=firewall-blocking",
    "FAQ": "/faq/",
    "topic": "/faq/topic/tws/#windows-screenshot",
    "entry": "/faq/windows-screenshot/",
    "not found": "/nothing/",
}
# Everything axe knows, its best practices included.
RULES = {"rules": {"target-size": {"enabled": True}}}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_have_no_fault_that_axe_can_see(page, portal, width, scheme):
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    axe, faults = Axe(), {}
    for name, path in PAGES.items():
        page.goto(portal + path)
        result = axe.run(page, options=RULES)
        if result.violations_count:
            faults[name] = result.generate_report()
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults[f"{name}, width"] = "runs out of the screen sideways"
        assert page.evaluate("window.violations") == []

    assert faults == {}


@pytest.mark.parametrize("width", [320, 640])
def test_pages_with_text_twice_as_large_stay_in_a_small_screen(page, portal, width):
    page.set_viewport_size({"width": width, "height": 800})
    faults = []
    for name, path in PAGES.items():
        page.goto(portal + path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            faults.append(name)

    assert faults == []
