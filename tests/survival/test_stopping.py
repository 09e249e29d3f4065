"""A stop lets visitors finish what they have begun."""

from __future__ import annotations

import os
import signal
import socket
import time

import pytest

from tests.survival.killing import Supervisor
from tests.survival.test_outage import WORDS, rows_with

pytestmark = pytest.mark.database


def test_post_under_way_is_kept_when_the_server_is_told_to_stop(portal: Supervisor) -> None:
    words = "It stops in the middle"
    body = f"words={words.replace(' ', '+')}".encode()
    head = f"POST {WORDS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    stopped = portal.process
    with socket.create_connection(("127.0.0.1", portal.port), timeout=60) as visitor:
        visitor.sendall(head.encode() + body[:9])
        time.sleep(0.3)
        os.kill(stopped.pid, signal.SIGTERM)
        time.sleep(0.5)
        visitor.sendall(body[9:])
        answer = visitor.recv(1_000)
    stopped.wait(timeout=60)
    portal.wait()

    assert answer.startswith(b"HTTP/1.1 303 ")
    assert rows_with(portal, words) == 1
