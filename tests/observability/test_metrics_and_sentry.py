"""Prometheus and Sentry, as they get it from a real portal with several processes."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import brotli
import pytest

from tests.serving import PROJECT, Server, bring_first_start, free_port, server

GUIDE = "/guides/trading-platform-login/"
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}
TYPED = "anna.muster@example.com"


@contextmanager
def sentry() -> Iterator[tuple[str, list[bytes]]]:
    """The address of something that takes what Sentry takes, and all that it took."""
    taken: list[bytes] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(UNPACK[self.headers.get("Content-Encoding", "")](body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Take) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://key@127.0.0.1:{running.server_port}/1", taken
        finally:
            running.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def portal() -> Iterator[Server]:
    with server(WEB_CONCURRENCY="2", METRICS_PORT=str(free_port())) as running:
        yield running


def numbers(portal: Server) -> dict[str, float]:
    """What Prometheus reads, by name and labels."""
    address = f"http://127.0.0.1:{portal.environ['METRICS_PORT']}/metrics"
    with urllib.request.urlopen(address, timeout=60) as answer:
        lines = answer.read().decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def ask(portal: Server, path: str) -> int:
    try:
        with urllib.request.urlopen(portal.address + path, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def requests_of(route: str, found: dict[str, float]) -> float:
    wanted = [value for name, value in found.items() if name.startswith("portal_requests_total") and route in name]
    return sum(wanted)


def test_prometheus_gets_the_sum_of_all_processes(portal: Server) -> None:
    before = numbers(portal)
    statuses = [ask(portal, path) for path in [GUIDE] * 20 + ["/search/?q=token"] * 10 + [f"/{TYPED}/"] * 3]
    after = numbers(portal)

    def more(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert statuses == [200] * 30 + [404] * 3
    assert more('portal_requests_total{method="GET",route="search/",status="200"}') == 10
    assert more('portal_requests_total{method="GET",route="-",status="404"}') >= 3
    from_memory = more('portal_requests_total{method="GET",route="kept page",status=""}')
    made = more('portal_requests_total{method="GET",route="guides/<slug:guide>/",status="200"}')
    assert from_memory + made == 20
    assert 1 <= made <= 2
    assert more("portal_query_seconds_count") > 10
    assert more('portal_request_seconds_bucket{le="+Inf"}') == more("portal_request_seconds_count")
    assert after["portal_workers"] == 2
    assert 20e6 < after["portal_workers_memory_bytes"] < 1e9
    assert after["portal_kept_pages_bytes"] > 10_000
    assert after["portal_data_free_bytes"] > 0
    assert TYPED not in str(after)


def test_killed_worker_leaves_its_counts_and_takes_its_memory_along(portal: Server) -> None:
    for _ in range(10):
        ask(portal, GUIDE)
    before = numbers(portal)
    begun = Path(f"/proc/{portal.process.pid}/task/{portal.process.pid}/children")
    folder = next(Path("/dev/shm").glob(f"portal-metrics-{portal.process.pid}-*"))
    serving = {pid for pid in begun.read_text().split() if list(folder.glob(f"gauge_livesum_{pid}.db"))}
    for pid in serving:
        os.kill(int(pid), signal.SIGKILL)
    until = time.monotonic() + 120
    while serving & {*begun.read_text().split()} and time.monotonic() < until:
        time.sleep(0.2)
    after = numbers(portal)

    assert requests_of("", after) >= requests_of("", before)
    assert after.get("portal_kept_pages_bytes", 0) < before["portal_kept_pages_bytes"]


def test_nothing_is_left_in_memory_when_the_portal_ends() -> None:
    with server(METRICS_PORT=str(free_port())) as running:
        pid = running.process.pid
        made = list(Path("/dev/shm").glob(f"portal-metrics-{pid}-*"))
        assert len(numbers(running)) > 5
    assert len(made) == 1
    assert not made[0].exists()


def test_metrics_port_is_no_address_of_the_portal(portal: Server) -> None:
    assert ask(portal, "/metrics") == 404


BREAK_AND_ASK = """
import sys, urllib.parse
from django.test import RequestFactory
from helpdesk.wsgi import application
import helpdesk.feedback.views as views

def broken(audience, slug):
    words = sys.argv[1]
    raise ValueError(words)

views.find_guide = broken
for _ in range(2):
    request = RequestFactory().post(
        "/guides/some/none/?q=" + sys.argv[1], {"words": sys.argv[1]}, REMOTE_ADDR="192.0.2.77", HTTP_HOST="localhost",
        HTTP_COOKIE="sessionid=" + sys.argv[1], HTTP_USER_AGENT=sys.argv[1],
    )
    application(request.environ, lambda status, headers: print(status, dict(headers)["X-Request-ID"]))
"""


def test_sentry_is_told_what_broke_and_nothing_of_who_was_there(tmp_path: Path) -> None:
    bring_first_start(tmp_path)
    with sentry() as (address, taken):
        variables = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SENTRY_DSN": address}
        done = subprocess.run(
            [sys.executable, "-c", BREAK_AND_ASK, TYPED], cwd=PROJECT, env=variables, capture_output=True, text=True
        )
    everything = b"\n".join(taken).decode()
    (event, *_) = [event for body in taken if (event := read_event(body))]
    (error,) = event["exception"]["values"]
    assert [line.partition(" ")[0] for line in done.stdout.splitlines()] == ["500", "500"]
    assert event["transaction"] == "guides/<slug:guide>/none/"
    assert event["tags"]["request"] in done.stdout
    assert (error["type"], error["value"]) == ("ValueError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "broken"
    for secret in (TYPED, "anna", "192.0.2", "sessionid"):
        assert secret not in everything


def read_event(body: bytes) -> dict[str, Any]:
    """The event in an envelope; nothing where it has none."""
    lines = [json.loads(line) for line in body.splitlines()]
    return next((line for line in lines if "exception" in line or "logentry" in line), {})
