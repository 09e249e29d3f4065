"""Request IDs, the log line of a request, and that no line says who a visitor is or what was typed."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings

from helpdesk.observability.log_format import JsonFormatter
from helpdesk.observability.request_context import REQUEST_ID_HEADER
from helpdesk.observability.slow_queries import QueryTimer
from helpdesk.pagecache.layer import PageCache
from tests.factories import make_guide

TYPED = "anna.muster@example.com"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log from here on, as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    usual = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(usual)


def read(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_every_response_has_its_own_request_id(client: Client, db: None) -> None:
    ids = [client.get(path).headers["X-Request-ID"] for path in ("/", "/", "/nothing/here/", "/admin/", "/healthz")]

    assert len(set(ids)) == 5
    assert all(re.fullmatch("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", request_id) for request_id in ids)


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "0af76519-16cd43dd", True),
        (0, "0af76519-16cd43dd", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, f"number {TYPED}", False),
    ],
)
def test_request_id_is_the_one_of_a_trusted_proxy(
    client: Client, db: None, proxies: int, given: str, is_taken: bool
) -> None:
    with override_settings(TRUSTED_PROXIES=proxies):
        answer = client.get("/healthz", headers={"X-Request-ID": given})

    assert (answer.headers["X-Request-ID"] == given) is is_taken


def test_cached_page_has_no_request_id(client: Client, first_content: None) -> None:
    def django(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/html"), (REQUEST_ID_HEADER, "0123456789")])
        return [b"page"]

    cache, said = PageCache(django, most_bytes=100_000), []
    for _ in range(2):
        cache(RequestFactory().get("/").environ, lambda status, headers: said.append(dict(headers)))

    assert [headers["Content-Type"] for headers in said] == ["text/html"] * 2
    assert not any(REQUEST_ID_HEADER in headers for headers in said)


def test_line_of_a_request_has_its_route_and_nothing_that_was_typed(
    client: Client, first_content: None, lines: io.StringIO
) -> None:
    with override_settings(LOG_REQUESTS=True):
        client.get("/guides/trading-platform-login/")
        client.get(f"/search/?q={TYPED}")
        client.get(f"/{TYPED}/")
        client.generic("ANNA", "/faq/")
        client.post("/guides/trading-platform-login/none/", {"words": TYPED}, REMOTE_ADDR="192.0.2.77")

    told = read(lines)
    assert [(line["method"], line["route"], line["status"]) for line in told] == [
        ("GET", "guides/<slug:guide>/", 200),
        ("GET", "search/", 200),
        ("GET", "-", 404),
        ("other", "-", 405),
        ("POST", "guides/<slug:guide>/none/", 303),
    ]
    assert all(line["ms"] >= 0 and len(line["request"]) == 14 for line in told)
    assert "anna" not in lines.getvalue().lower()
    assert "192.0.2" not in lines.getvalue()


def test_error_is_logged_with_the_request_id_the_visitor_sees(db: None, lines: io.StringIO, monkeypatch: Any) -> None:
    guide = make_guide(published=True)

    def broken(*arguments: Any, **named: Any) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("helpdesk.guides.views.render", broken)
    answer = Client(raise_request_exception=False).get(f"/guides/{guide.slug}/?q={TYPED}")

    (line,) = read(lines)
    assert (answer.status_code, line["level"]) == (500, "ERROR")
    assert line["request"] == answer.headers["X-Request-ID"]
    assert f'<b class="number">{line["request"]}</b>' in answer.content.decode()
    assert line["message"] == "Internal Server Error: guides/<slug:guide>/"
    assert line["traceback"].endswith("RuntimeError: a mistake of ours")
    assert TYPED not in lines.getvalue()


def test_values_that_a_database_repeats_are_in_no_line() -> None:
    try:
        raise OperationalError(f"duplicate key\nDETAIL:  Key (words)=({TYPED}) already exists.")
    except OperationalError as error:
        record = logging.LogRecord(
            "help", logging.ERROR, "", 1, "Failed", (), (type(error), error, error.__traceback__)
        )

    line = JsonFormatter().format(record)
    assert "duplicate key" in line
    assert TYPED not in line


def test_slow_query_is_logged_without_its_values(client: Client, db: None, lines: io.StringIO) -> None:
    statement = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)\n"
        "   SELECT max(i) FROM n WHERE CAST(i AS text) <> %s"
    )
    said = []
    for slow_ms in (600_000, 0, 1):
        with connection.execute_wrapper(QueryTimer(slow_ms)), connection.cursor() as cursor:
            cursor.execute(statement, [TYPED])
        said.append(len(read(lines)))

    assert said == [0, 0, 1]
    (line,) = read(lines)
    assert line["level"] == "WARNING"
    assert line["ms"] >= 1
    assert line["statement"].startswith(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
    )
    assert TYPED not in lines.getvalue()
