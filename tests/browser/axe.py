"""Accessibility of a page as axe sees it, on every screen and in both color schemes, from one visit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

Screen = tuple[Literal["light", "dark"], int]
Fault = tuple[str, str, list[Any]]

EVERY_SCREEN: list[Screen] = [("light", 320), ("dark", 320), ("dark", 1280), ("light", 1280)]
# Beyond what axe looks at by itself: the size of targets, and text at 7:1.
STRICT = ("target-size", "color-contrast-enhanced")
# The rules that read colors; where nothing but the color scheme has changed, the others find the same again.
_COLORS = {"color-contrast", "link-in-text-block", "color-contrast-enhanced"}
_OFF_BY_DEFAULT = {"color-contrast-enhanced"}

# Only the faults cross the wire, and axe fetches no style sheet: no rule that is on reads one.
_RUN = """([context, options]) =>
    axe.run(context, { ...options, resultTypes: ["violations"], preload: false }).then((found) => found.violations)"""
# Brings transitions of colors to their end, and those that start from that; an animation without end goes on.
# Nothing is waited for: a browser without a screen may draw no frame, and then no transition ends.
_SETTLED = """() => {
    for (let round = 0; round < 5; round++)
        for (const change of document.getAnimations())
            if (change.effect.getComputedTiming().endTime !== Infinity) change.finish();
}"""
_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def faults_of(
    page: Page, *, parts: Sequence[str] = (), enable: Iterable[str] = (), colors_only: bool = False
) -> list[Fault]:
    """Return what axe finds on the page as it is shown now: rule, explanation, places.

    `parts` are selectors, for pages whose frame is somebody else's; `enable` names rules that are off by default.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"rules": {name: {"enabled": True} for name in enable}}
    if colors_only:
        options = {"runOnly": {"type": "rule", "values": sorted(_COLORS - _OFF_BY_DEFAULT | _COLORS & set(enable))}}
    found = page.evaluate(_RUN, [{"include": [[part] for part in parts or ["html"]]}, options])
    return [(fault["id"], fault["help"], [node["target"] for node in fault["nodes"]]) for fault in found]


def is_too_wide(page: Page) -> bool:
    """Tell whether the page runs out of the screen sideways."""
    return page.evaluate(_TOO_WIDE)


def faults_on_screens(
    page: Page,
    screens: Sequence[Screen] = EVERY_SCREEN,
    *,
    parts: Sequence[str] = (),
    enable: Iterable[str] = (),
) -> dict[Screen, list[Fault]]:
    """Return the screens on which the open page has faults, with them; running out of the screen sideways is one.

    At each width the second color scheme is looked at for its colors alone, which halves the time.
    """
    enable = tuple(enable)
    faults: dict[Screen, list[Fault]] = {}
    widths = set()
    for scheme, width in screens:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(_SETTLED)
        found = faults_of(page, parts=parts, enable=enable, colors_only=width in widths)
        widths.add(width)
        if is_too_wide(page):
            found.append(("sideways", "runs out of the screen", []))
        if found:
            faults[scheme, width] = found
    return faults
