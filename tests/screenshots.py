"""`make screenshots`: pictures of the main page types for the README and the documents, into docs/images/.

The portal runs as an operator would run it, with its first content, in a folder and on a port of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.provide import browser as chromium

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "images"

SYMPTOM = "guides/trading-platform-login/connection-attempts/"
PAGES = {
    "home": "",
    "guide": "guides/trading-platform-login/",
    "check": f"{SYMPTOM}check/firewall-blocking/?no=internet-down",
    "fixed": f"{SYMPTOM}fixed/?by=firewall-blocking",
    "contact": f"{SYMPTOM}contact/?no=internet-down,firewall-blocking&skip=ports-blocked",
    "faq-entry": "faq/windows-screenshot/",
}
SCREENS = {"telephone": (390, 844), "desktop": (1280, 800)}
COLOURS = ("light", "dark")

SECONDS_TO_START = 60


@contextmanager
def running_portal() -> Iterator[str]:
    """The address of a portal with the first content; it is gone afterwards, and so is all that it wrote."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="portal-screenshots-") as folder:
        environ = {"PATH": os.environ["PATH"], "DATA_DIR": folder, "PORT": str(port), "WEB_CONCURRENCY": "1"}
        command = [sys.executable, "manage.py", "start"]
        # What it prints is a password for nobody; what goes wrong is on stderr.
        portal = subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_until_ready(portal, address)
            yield address
        finally:
            portal.terminate()
            portal.wait(timeout=20)


def wait_until_ready(portal: subprocess.Popen[bytes], address: str) -> None:
    """Comes back when the portal serves; ends the program when it does not."""
    end = time.monotonic() + SECONDS_TO_START
    while portal.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}readyz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit("The portal did not start.")


def take_pictures(browser: Browser, address: str) -> Iterator[Path]:
    """One picture of each page, on each screen, in each colour: what a visitor sees before scrolling."""
    for screen, (width, height) in SCREENS.items():
        for colours in COLOURS:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=colours, reduced_motion="reduce"
            )
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(address + path)
                picture = PICTURES / f"{name}-{screen}-{colours}.png"
                page.screenshot(path=picture)
                yield picture
            context.close()


def main() -> None:
    found = chromium.provide()
    if found is None:
        sys.exit(chromium.HOW_TO_GET_ONE)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with running_portal() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, **chromium.LAUNCH)
        for picture in take_pictures(browser, address):
            print(f"{picture.relative_to(PROJECT)}  {picture.stat().st_size // 1024} KB", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
