"""Clients that open a connection and then take their time keep no visitor waiting."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from statistics import median
from urllib.parse import urlsplit

import pytest

from tests.survival.killing import Supervisor
from tests.survival.visitors import ask

CLIENTS = 200
PAGES = ("/", "/faq/", "/search/?q=password")

# What each begins with, and then says no more: nothing, half a line, half the headers; answers not read.
# Half a body holds a thread: whole ones are the business of the proxy in front, which buffers them.
BEGINNINGS = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"GET /faq/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20,
)


def usual_wait(portal: Supervisor) -> float:
    """The median of the seconds that thirty pages take: the slowest of them says what else the machine had to do."""
    host = urlsplit(portal.address).netloc
    seconds = []
    for number in range(30):
        began = time.monotonic()
        assert ask(host, "GET", PAGES[number % len(PAGES)], None, {})[0] == 200
        seconds.append(time.monotonic() - began)
    return median(seconds)


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=["nothing", "line", "headers", "unread answers"])
def test_pages_come_within_a_second_beside_slow_clients(portal: Supervisor, beginning: bytes) -> None:
    with ExitStack() as slow:
        for _ in range(CLIENTS):
            client = slow.enter_context(socket.create_connection(("127.0.0.1", portal.port), timeout=5))
            client.sendall(beginning)
        time.sleep(0.3)

        assert usual_wait(portal) < 1
