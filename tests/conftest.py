"""What every test may use: the first content, and the real browser."""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from hypothesis import settings
from playwright.sync_api import BrowserContext, expect

from helpdesk.identity.memo import NONE, IdentityMemo, memo
from tests import databases, first_portal, prepared
from tests.prepared import TABLES
from tests.provide import browser as chromium
from tests.survival import killing
from tests.survival.places import own_database, template_database

# Playwright's synchronous interface runs an event loop in the test's thread, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine takes its time: no example of a property has a deadline, and the browser waits for what must appear.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
SECONDS_FOR_THE_BROWSER = 60
expect.set_options(timeout=SECONDS_FOR_THE_BROWSER * 1000)

# What brings the test database along.
_DATABASE = {"db", "transactional_db", "client", "admin_client", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that drive the real browser, those that use a database, and those that run on PostgreSQL too."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "browser" in fixtures:  # every page has one; some tests open windows of their own
            item.add_marker(pytest.mark.browser)
        if fixtures & _DATABASE or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.database)
        if item.get_closest_marker("database") and databases.runs_on_postgresql(item.nodeid):
            item.add_marker(pytest.mark.postgresql)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now to no collection of garbage, and collect less often: a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Give the test database its tables as a copy: the migrations take ten seconds, and run once for all workers."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database("tables", TABLES)
    else:
        connection_created.connect(_fill_with_tables)


def _fill_with_tables(connection: BaseDatabaseWrapper, **_: Any) -> None:
    connection_created.disconnect(_fill_with_tables)
    with closing(sqlite3.connect(prepared.tables())) as tables:
        tables.backup(connection.connection)


@pytest.fixture(autouse=True)
def _no_identity_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process know that there is no identity until a test makes one, whatever the tests before it have left.

    It is not read again by the clock, so that counts of queries do not depend on how fast a test is.
    """
    monkeypatch.setattr(IdentityMemo, "SECONDS", float("inf"))
    memo.forget()
    memo.read(lambda: NONE)


@pytest.fixture
def first_content(db: Any) -> None:
    """The guides, symptoms and FAQ entries that the portal starts with."""
    first_portal.load()


@pytest.fixture
def live_content(transactional_db: Any) -> None:
    """The first content where another thread or process sees it: name it before `live_server`."""
    cache.clear()  # its table belongs to no model, so it is not emptied between tests
    first_portal.load()


@pytest.fixture(scope="session")
def serving_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[killing.Supervisor]:
    """A portal as operators run it, on the kind of database that is tested; it may be killed, and starts again.

    Starting one takes a while, so it is one for all tests that do harm to a real server.
    """
    with own_database(filled=True) as database, killing.serving(tmp_path_factory.mktemp("portal"), database) as portal:
        yield portal


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium where there is one, else the one Playwright has downloaded."""
    found = chromium.on_this_machine()
    return browser_type_launch_args | chromium.LAUNCH | ({"executable_path": found} if found else {})


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """A browser's window that waits for a busy machine."""
    context.set_default_timeout(SECONDS_FOR_THE_BROWSER * 1000)
    return context


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder of the checkout."""
    return Path(__file__).resolve().parent.parent
