"""Forced colors (Windows' high contrast), light and dark: what the page marks can be read.

axe takes the colors that the page asks for; these are the ones that the browser paints.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

# Text of every kind that can be seen, once for each look of it.
TEXT = "h1, h2, h3, p, li, a, button, mark, label, strong, legend, summary, dt, dd, code, input, textarea"
PAINTED = """(selector) => [...document.querySelectorAll(selector)].flatMap((element) => {
    if (!element.checkVisibility()) return [];
    const color = getComputedStyle(element).color;
    let ground = element;
    while (ground && /^(rgba\\(.*, 0\\)|transparent)$/.test(getComputedStyle(ground).backgroundColor))
        ground = ground.parentElement;
    return [[color, getComputedStyle(ground || document.documentElement).backgroundColor, element.outerHTML]];
})"""


def luminance(color: str) -> float:
    """The relative luminance of "rgb(1, 2, 3)" (WCAG 2.2)."""
    parts = [int(part) / 255 for part in color.partition("(")[2].rstrip(")").split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_searched_words_and_answers_can_be_read(page: Page, portal: str, scheme: str) -> None:
    page.emulate_media(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{portal}/search/?q=passcode")
    found = page.evaluate(PAINTED, "main mark")
    assert len(found) > 3
    page.goto(f"{portal}/guides/trading-platform-login/invalid-passcode/")
    found += page.evaluate(PAINTED, ".button, .answers button, .admonition-title, main a")
    page.goto(f"{portal}/")
    page.locator("input[name=q]").first.press_sequentially("passc", delay=20)
    page.locator(".suggestions mark").first.wait_for()
    page.keyboard.press("ArrowDown")
    found += page.evaluate(PAINTED, ".suggestions mark")
    assert [where for text, ground, where in found if contrast(text, ground) < 4.5] == []
