"""The switch between light and dark colours: it says what it does, is remembered, and moves nothing."""

import pytest
from playwright.sync_api import expect

GUIDE = "/guides/trading-platform-login/"
# From the moment that the page is parsed, before any of its scripts runs: a browser that is short of time paints parts
# of a page before, and what comes then makes room for itself.
WATCH_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries()))
        .observe({ type: "layout-shift", buffered: true });
"""
SHIFTS = """window.shifts.filter((entry) =>
    entry.startTime >= performance.getEntriesByType("navigation")[0].domInteractive).map((entry) => entry.value)"""
GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(14, 22, 32)"


@pytest.mark.parametrize(("system", "before", "after"), [("light", LIGHT, DARK), ("dark", DARK, LIGHT)])
def test_switch_changes_the_colours_and_is_remembered(watched, portal, system, before, after):
    names = {LIGHT: "Dark colors", DARK: "Light colors"}
    watched.emulate_media(color_scheme=system)
    watched.goto(portal + GUIDE)
    assert watched.evaluate(GROUND) == before

    watched.get_by_role("button", name=names[before], exact=True).click()
    assert watched.evaluate(GROUND) == after
    watched.reload()

    assert watched.evaluate(GROUND) == after
    expect(watched.locator("[data-theme-switch]")).to_have_text(names[after], use_inner_text=True)


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_moves_while_a_page_loads(watched, portal, width):
    watched.add_init_script(WATCH_SHIFTS)
    watched.set_viewport_size({"width": width, "height": 2400})  # the footer is seen too
    for path in ("/", GUIDE, "/faq/topic/tws/", "/contact/"):
        watched.goto(portal + path)
        watched.wait_for_timeout(200)
        assert watched.evaluate(SHIFTS) == [], path
