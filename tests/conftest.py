"""What every test may use: the first content, and the real browser."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command

from helpdesk.startup import FIRST_CONTENT
from tests.provide import browser as chromium

# Playwright's synchronous interface runs an event loop in the test's thread, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test that drives the real browser."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def first_content(db: Any) -> None:
    """The guides, symptoms and FAQ entries that the portal starts with."""
    call_command("loaddata", *FIRST_CONTENT, verbosity=0)


@pytest.fixture
def live_content(transactional_db: Any) -> None:
    """The first content where another thread or process sees it: name it before `live_server`."""
    cache.clear()  # its table belongs to no model, so it is not emptied between tests
    call_command("loaddata", *FIRST_CONTENT, verbosity=0)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium where there is one, else the one Playwright has downloaded."""
    found = chromium.on_this_machine()
    return browser_type_launch_args | chromium.LAUNCH | ({"executable_path": found} if found else {})


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout."""
    return Path(__file__).resolve().parent.parent
