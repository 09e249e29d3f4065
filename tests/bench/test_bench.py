"""The benchmarks run: each of their parts, at a tiny size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from helpdesk.addresses.models import HelpNumber
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, Guide, Symptom
from helpdesk.search import index
from helpdesk.search.models import SearchDocument
from tests.bench import inprocess, load, sides
from tests.bench.__main__ import PAGES, Row, rounds_of
from tests.bench.content import generate


@pytest.mark.usefixtures("first_content")
def test_content_keeps_the_rules_and_can_be_brought_to_a_larger_size(client) -> None:
    said: list[str] = []
    generate(130, said.append)
    generate(240, said.append)
    assert Symptom.objects.count() == 240
    assert "110 of 110 symptoms" in said
    made = Symptom.objects.filter(slug__startswith="bench-")
    assert Check.objects.filter(symptom__in=made).count() == 3 * made.count()
    assert Cause.objects.filter(checks__symptom__in=made).distinct().count() < made.count()
    numbers = [set(model.objects.values_list("number", flat=True)) for model in (Guide, Symptom, Cause, FaqEntry)]
    given = set(HelpNumber.objects.values_list("number", flat=True))
    assert sum(map(len, numbers)) == len(set().union(*numbers))
    assert set().union(*numbers) <= given
    assert index.waiting() == 0
    assert SearchDocument.objects.filter(number__in=numbers[1]).count() == 240
    last = made.latest("number")
    assert last.title in client.get(last.get_absolute_url()).content.decode()


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The database stays open between requests, as for Django's own test client: there the test's transaction is."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("first_content", "kept_connection")
def test_cpu_in_process_is_measured_for_every_page() -> None:
    found = inprocess.measured(list(PAGES.values()), rounds=1)
    assert set(found) == {"bare", *PAGES.values()}
    assert all(again > 0 and first > 0 for again, first in found.values())


def test_bare_side_is_measured_over_the_wire() -> None:
    core = min(os.sched_getaffinity(0))
    with sides.running({"bare": sides.bare(core)}) as started:
        row = Row("bare")
        rounds_of({"bare Django view": row}, started, core, 0.3, 1)
        assert started["bare"].memory() > 1
        assert os.sched_getaffinity(started["bare"].workers()[0]) == {core}
    assert len(row.rates) == len(row.costs) == 1
    assert row.rates[0] > 0


def test_nginx_serves_the_page_as_a_file(tmp_path) -> None:
    if sides.nginx_program() is None:  # the benchmark says so and leaves it out
        return
    core = min(os.sched_getaffinity(0))
    page = b"<!doctype html>" + b"x" * 5_000
    with sides.running({"nginx": sides.nginx(core, tmp_path / "nginx", page)}) as started:
        assert load.with_sockets(started["nginx"].address + "/any/page/", 0.2, {}, 200) > 0
        assert load.requests_in(started["nginx"].address + "/any/page/", 1, core, {}, 200) > 0


class Refusing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *said: object) -> None:
        pass


class InChunks(BaseHTTPRequestHandler):
    """A server whose answers arrive piece by piece, as they do from a busy machine."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in (b"2A", b"30\r\n" + b"x" * 0x2A30, b"\r\n0\r", b"\n\r\n"):
            self.wfile.write(piece)
            sleep(0.005)  # so that each is a packet of its own

    def log_message(self, *said: object) -> None:
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def test_answer_with_another_status_is_no_figure() -> None:
    with serving(Refusing) as address, pytest.raises(RuntimeError, match="503"):
        load.with_sockets(address, 0.2, {}, 200)


def test_answer_in_chunks_is_counted_once_it_is_whole() -> None:
    with serving(InChunks) as address:
        assert load.with_sockets(address, 0.2, {}, 200) > 0
