"""A record of what a screen reader would say: pages that load, where the focus goes, and what is announced."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Locator, Page

# Elements are named later: a focus that leaves at once, or goes to what is about to vanish, is heard all the same.
_LISTEN = """
    window.heard = [];
    const hear = (how, element, words = element?.textContent) => window.heard.push({ how, element, words });
    addEventListener("focusin", ({ target }) => hear("focus", target));
    addEventListener("DOMContentLoaded", () => {
        hear("page", null, document.title);
        new MutationObserver((changes) => {
            for (const { type, target } of changes) {
                const said = target.closest?.("[role=status], [role=alert], [aria-live]");
                if (type === "childList" && said?.textContent) hear("announced", said);
                const option = type === "attributes" && target.getAttribute("aria-activedescendant");
                if (option) hear("focus", document.getElementById(option));
            }
        }).observe(document, { subtree: true, childList: true, attributeFilter: ["aria-activedescendant"] });
    });
"""
# Long enough for what would come beside what is waited for: the portal announces after 50 ms.
_QUIET = 300
_PATIENCE = 30


class Listener:
    """Writes down what each act of a visitor makes a screen reader say, in order."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: list[str] = []
        page.add_init_script(_LISTEN)
        self.devtools = page.context.new_cdp_session(page)

    def after(self, title: str, act: Callable[[], Any], *, until: str) -> None:
        """Do something, and write down what is said until `until` was, and whatever comes soon after that."""
        act()
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up and not any(until in line for line in self._said()):
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(_QUIET)
        self.lines += [title, *(f"    {line}" for line in self._said()), ""]
        self.page.evaluate("void (window.heard.length = 0)")

    def press(self, control: Locator, *, until: str, title: str = "") -> None:
        """Press a link or button with Enter; that it has the focus before is no news."""
        name = title or f'Press "{" ".join(control.inner_text().split())}"'
        control.focus()
        self.page.evaluate("void (window.heard.length = 0)")
        self.after(name, lambda: self.page.keyboard.press("Enter"), until=until)

    def _said(self) -> list[str]:
        try:
            heard = self.page.evaluate("window.heard.map(({ how, words }) => [how, words])")
            return [self._line(place, how, words) for place, (how, words) in enumerate(heard)]
        except Error:  # the page goes just now; the next one is asked again
            return []

    def _line(self, place: int, how: str, words: str | None) -> str:
        if how != "focus":
            return f"{how:9}  {' '.join((words or '').split())}"
        element = self.devtools.send("Runtime.evaluate", {"expression": f"window.heard[{place}].element"})["result"]
        asked = {"objectId": element["objectId"], "fetchRelatives": False}
        [node] = self.devtools.send("Accessibility.getPartialAXTree", asked)["nodes"]
        if node["ignored"]:
            return f"{how:9}  gone: {' '.join((words or '').split())[:60]}"
        parts = [node["role"]["value"], f'"{node["name"]["value"]}"']
        states = {prop["name"]: prop["value"].get("value") for prop in node["properties"]}
        parts += ["invalid"] if states.get("invalid") == "true" else []
        parts += [f"– {node['description']['value']}"] if node.get("description", {}).get("value") else []
        return f"{how:9}  {' '.join(' '.join(parts).split())}"
