"""The portal in a real browser: every page is watched for what must never happen on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Request

WATCH_CSP = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (e) =>
        window.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}`));
"""


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    context.add_init_script(WATCH_CSP)
    return context


@pytest.fixture
def portal(live_content: None, live_server: Any) -> str:
    """The address of a running portal with its first content."""
    return live_server.url


@pytest.fixture
def watched(page: Page, portal: str) -> Iterator[Page]:
    """The page, with no error in its console, no refused script or style, and no request to anybody else."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    def leaves(request: Request) -> None:
        if not request.url.startswith((portal, "data:", "blob:", "about:")):
            faults.append(f"asked {request.url}")

    page.on("request", leaves)
    yield page
    faults += page.evaluate("window.violations || []")
    assert faults == []
