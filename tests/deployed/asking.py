"""Visitors who come by https, each from an address of his own."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from urllib.parse import urlencode

from tests.provide.fronts import Front

GUIDE = "/guides/trading-platform-login/"
WORDS = f"{GUIDE}none/"
READS = ("/", GUIDE, "/faq/", "/contact/", "/search/?q=password")
READERS = WRITERS = 4
# Between two requests of one of them.
PAUSE = 0.25


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


@cache
def anybody() -> ssl.SSLContext:
    """Takes any certificate: nobody knows ours."""
    return ssl._create_unverified_context()


def ask(
    front: Front,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    visitor: str = "127.0.0.1",
) -> Answer:
    """One answer, over a connection of its own from this address of 127.0.0.0/8."""
    connection = http.client.HTTPConnection("localhost", front.https)
    plain = socket.create_connection(("127.0.0.1", front.https), timeout=30, source_address=(visitor, 0))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sock = anybody().wrap_socket(plain, server_hostname="localhost")
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def send(front: Front, path: str, *, visitor: str = "127.0.0.1", forged: str = "", **fields: str) -> Answer:
    """A form of one of our pages, as a browser would send it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": front.address}
    if forged:
        headers |= {"X-Forwarded-For": forged, "X_Forwarded_For": forged, "X-Forwarded_For": forged}
    body = urlencode(fields).encode()
    return ask(front, path, method="POST", body=body, headers=headers, visitor=visitor)


def address_of(number: int) -> str:
    return f"127.1.{number >> 8 & 255}.{number & 255}"


@dataclass
class Crowd:
    """Reads and writes without a pause until it is told to stop; every press counts, none is made again."""

    front: Front
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.over = threading.Event()
        self.numbers = count(1)
        self.threads = [
            *(threading.Thread(target=self._keep_on, args=("read",)) for _ in range(READERS)),
            *(threading.Thread(target=self._keep_on, args=("write",)) for _ in range(WRITERS)),
        ]

    def __enter__(self) -> Crowd:
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _keep_on(self, what: str) -> None:
        while not self.over.wait(PAUSE):
            number = next(self.numbers)
            try:
                answer = self._read(number) if what == "read" else self._write(number)
                good = answer.status == (200 if what == "read" else 303)
                found = f"{answer.status} {answer.text[:60]}"
            except (OSError, http.client.HTTPException) as error:
                good, found = False, repr(error)
            if good:
                self.answers[what] += 1
            else:
                self.wrong.append(f"{what} after {time.monotonic() - self.began:.1f} s: {found}")

    def _read(self, number: int) -> Answer:
        return ask(self.front, READS[number % len(READS)], visitor=address_of(number))

    def _write(self, number: int) -> Answer:
        return send(self.front, WORDS, visitor=address_of(number), words=f"It says number {number}")
