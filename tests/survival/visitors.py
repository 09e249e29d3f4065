"""Visitors who read and write at a steady rate, and press again until they are answered."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

# A visitor presses again after so many seconds, and gives up after so many, more than a start takes on a busy machine.
PRESS_AGAIN, GIVE_UP = 0.25, 180.0
# No wait of a test for visitors is longer.
LONGEST = 300.0
WRITERS = READERS = 24

GUIDE = "/guides/trading-platform-login/"
READS = ("/", GUIDE, "/faq/", "/contact/", "/search/?q=password", "/healthz")


@dataclass(frozen=True)
class Answer:
    """What one press of a button came to, with the seconds from the first press on."""

    pressed: float
    answered: float
    presses: int
    status: int
    place: str


@dataclass
class Crowd:
    """Sends posts and reads side by side; `kept` has the marks that were acknowledged, by the kind of post."""

    address: str
    forms: tuple[tuple[str, str, dict[str, str]], ...]
    rate: float = 30.0
    kept: dict[str, set[str]] = field(default_factory=dict)
    writes: list[Answer] = field(default_factory=list)
    reads: list[Answer] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.host = urlsplit(self.address).netloc
        self.over = threading.Event()
        self.lock = threading.Lock()
        self.tickets = {"write": count(), "read": count()}
        self.began = time.monotonic()
        self.threads = [
            *(threading.Thread(target=self._keep_on, args=("write",)) for _ in range(WRITERS)),
            *(threading.Thread(target=self._keep_on, args=("read",)) for _ in range(READERS)),
        ]

    def begin(self) -> None:
        self.began = time.monotonic()
        for thread in self.threads:
            thread.start()

    def wait_for_posts(self, count: int) -> None:
        """Return when so many more posts were acknowledged; raise AssertionError when that takes far too long."""
        wanted, until = len(self.writes) + count, time.monotonic() + LONGEST
        while len(self.writes) < wanted:
            assert time.monotonic() < until, f"{wanted - len(self.writes)} of {count} posts were not acknowledged"
            time.sleep(0.05)

    def end(self) -> None:
        """Let every visitor finish the current request."""
        self.over.set()
        for thread in self.threads:
            thread.join()

    def _keep_on(self, what: str) -> None:
        while not self.over.is_set():
            with self.lock:
                number = next(self.tickets[what])
            if (wait := self.began + number / self.rate - time.monotonic()) > 0 and self.over.wait(wait):
                return
            self._write(number) if what == "write" else self._read(number)

    def _write(self, number: int) -> None:
        """One visitor's post: a form in turn, from an address nobody else has."""
        kind, path, fields = self.forms[number % len(self.forms)]
        visitor = visitor_address(number)
        body = urlencode({name: value.format(number=number) for name, value in fields.items()})
        answer = self._press("POST", path, body, visitor, good=303)
        if answer is not None:
            with self.lock:
                self.writes.append(answer)
                self.kept.setdefault(kind, set()).add(visitor)

    def _read(self, number: int) -> None:
        answer = self._press("GET", READS[number % len(READS)], None, visitor_address(number), good=200)
        if answer is not None:
            with self.lock:
                self.reads.append(answer)

    def _press(self, method: str, path: str, body: str | None, visitor: str, *, good: int) -> Answer | None:
        """Presses until the answer is the good one; None when it never came."""
        headers = {"Host": self.host, "X-Forwarded-For": visitor, "User-Agent": "visitor"}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.address}
        pressed = time.monotonic()
        for presses in count(1):
            try:
                status, place = ask(self.host, method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                status, place = 0, type(error).__name__
            if status == good:
                return Answer(pressed, time.monotonic(), presses, status, place)
            with self.lock:
                self.refused[str(status or place)] += 1
            if time.monotonic() - pressed > GIVE_UP:
                with self.lock:
                    self.unanswered += 1
                return None
            time.sleep(PRESS_AGAIN)
        raise AssertionError("never here")


def visitor_address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def ask(host: str, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
    """Status and Location of one answer, over a connection of its own."""
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()
