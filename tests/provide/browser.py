"""A Chromium for the tests: found on the machine, or installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, sync_playwright

from tests.provide import packages

# The shell is Chromium without windows: it starts sooner, and shows pages the same.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# How Playwright starts it: no sandbox, since containers and root cannot have one, and nothing that calls home.
LAUNCH: dict[str, Any] = {
    "chromium_sandbox": False,
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}

HOW_TO_GET_ONE = """\
No browser for the tests: no Chromium or Chrome was found, and none could be installed. Either
  - install one (Debian: apt install chromium), or name yours: CHROMIUM=/path/to/chrome make test
  - leave those tests out: WITHOUT_BROWSER=1 make test"""


def on_this_machine() -> str | None:
    """The path of an installed Chromium or Chrome; CHROMIUM in the environment names another one."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def provide() -> str | None:
    """The path of a Chromium that starts, installed if need be; None where none can be had."""
    for path in _candidates():
        problem = _try(path)
        if problem is None:
            return path
        print(f"{path} does not start: {problem}", flush=True)
    return None


def _candidates() -> Iterator[str]:
    """What may be a browser, from the cheapest to the dearest to get."""
    if os.environ.get("CHROMIUM"):
        # Whoever names one wants that one.
        if found := on_this_machine():
            yield found
        return
    if found := on_this_machine():
        yield found
    downloaded = _downloaded_by_playwright()
    if downloaded.exists():
        yield str(downloaded)
        return
    for package in NAMES[:2]:
        if packages.install(package) and (found := shutil.which(package)):
            yield found
    print("Downloading a Chromium …", flush=True)
    command = [sys.executable, "-m", "playwright", "install", *(["--with-deps"] if packages.may_install() else [])]
    subprocess.run([*command, "chromium"], stdin=subprocess.DEVNULL, check=False)
    if downloaded.exists():
        yield str(downloaded)


def _downloaded_by_playwright() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _try(path: str) -> str | None:
    """What hinders this browser from starting, in one line; None when it starts."""
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch(executable_path=path, timeout=60_000, **LAUNCH).close()
        except Error as error:
            return error.message.strip().partition("\n")[0]
    return None
