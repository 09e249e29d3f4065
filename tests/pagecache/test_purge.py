"""A CDN is told of every change, by whomever it was made, until it has taken the word."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.error import HTTPError

import pytest

from helpdesk.guides.models import Guide
from helpdesk.pagecache.purge import Purger
from tests.factories import make_guide
from tests.serving import server

pytestmark = pytest.mark.django_db(transaction=True)


class Cdn(HTTPServer):
    """Takes down what it is told; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Word)
        self.told: list[tuple[str, str | None, Any]] = []
        self.status = 200
        self.address = f"http://127.0.0.1:{self.server_port}/zones/1/purge_cache"


class Word(BaseHTTPRequestHandler):
    server: Cdn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    with Cdn() as listening:
        thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def test_change_is_told_once_with_the_header_that_proves_the_right(cdn: Cdn) -> None:
    purger = Purger(cdn.address, "Authorization: Bearer secret")
    make_guide()
    purger.purge_if_changed()
    cdn.told.clear()
    assert purger.purge_if_changed() is False
    Guide.objects.update(title="Otherwise")
    assert (purger.purge_if_changed(), purger.purge_if_changed()) == (True, False)
    assert cdn.told == [("/zones/1/purge_cache", "Bearer secret", {"purge_everything": True})]


def test_change_that_was_not_taken_is_told_again(cdn: Cdn) -> None:
    purger = Purger(cdn.address)
    make_guide()
    cdn.status = 500
    with pytest.raises(HTTPError):
        purger.purge_if_changed()
    cdn.status = 204
    assert (purger.purge_if_changed(), purger.purge_if_changed()) == (True, False)


def test_server_tells_of_its_first_content_and_goes_on_after_a_failure(cdn: Cdn, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL)
    cdn.status = 503
    with server(PURGE_URL=cdn.address, CDN_SECONDS="60"):
        _wait_for(lambda: len(cdn.told) >= 1)
        cdn.status = 200
        _wait_for(lambda: len(cdn.told) >= 2)
        time.sleep(2.5)
    assert len(cdn.told) <= 3


def _wait_for(condition: Any) -> None:
    until = time.monotonic() + 120
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)
    assert condition()
