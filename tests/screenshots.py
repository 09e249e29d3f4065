"""`make screenshots`: pictures of the main page types for the README and the documents, into docs/images/."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright

from tests.provide import browser as chromium
from tests.serving import PROJECT, portal

PICTURES = PROJECT / "docs" / "images"

REFUSED = "/guides/trading-platform-login/invalid-username-password/"
CONNECTION = "/guides/trading-platform-login/connection-attempts/"
PAGES = {
    "home": "/",
    "guide": "/guides/trading-platform-login/",
    "check": f"{REFUSED}check/account-not-funded/?no=account-not-approved",
    "fix": f"{CONNECTION}check/internet-down/fix/",
    "fixed": f"{CONNECTION}fixed/?by=firewall-blocking",
    "end": f"{REFUSED}found/?by=account-closed",
    "contact": f"{CONNECTION}contact/?no=internet-down,firewall-blocking&skip=ports-blocked",
    "faq-entry": "/faq/username-not-recognized/",
}
SCREENS = {"telephone": (390, 844), "desktop": (1280, 720)}
COLOURS = ("light", "dark")


def pictures(browser: Browser, address: str) -> Iterator[tuple[str, bytes]]:
    """Each page on each screen in each colour, with a name: what a visitor sees before scrolling."""
    for screen, (width, height) in SCREENS.items():
        for colours in COLOURS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
            )
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(address + path)
                yield f"{name}-{screen}-{colours}.png", page.screenshot()
            context.close()


def main() -> None:
    found = chromium.provide()
    if found is None:
        sys.exit(chromium.HOW_TO_GET_ONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, **chromium.LAUNCH)
        for name, picture in pictures(browser, address):
            (PICTURES / name).write_bytes(picture)
            print(f"docs/images/{name}  {len(picture) // 1024} KB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
