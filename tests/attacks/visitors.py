"""Good visitors, who want nothing but help: each goes the same way again and again, and knows what has to come."""

from __future__ import annotations

import threading
import time

from tests.attacks import wire
from tests.attacks.kinds import form, request

SYMPTOM = "/guides/trading-platform-login/invalid-username-password/"
LOOKED_AT = (
    "/",
    "/guides/trading-platform-login/",
    SYMPTOM,
    f"{SYMPTOM}all/",
    "/faq/",
    "/contact/",
    "/search/?q=password&uncounted",
    "/sitemap.xml",
)

# Shorter than any of the portal's own timeouts would make it wait, longer than a busy machine does.
SECONDS_TO_WAIT = 10


class Visitor:
    """`served` counts what came as it should, `faults` says what did not."""

    def __init__(self, address: str, number: int) -> None:
        self.address = address
        self.source = f"127.0.0.{number + 2}"
        self.number = number
        self.served = 0
        self.faults: list[str] = []
        self.expected = {path: self.look(path).body for path in LOOKED_AT}

    def walk_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            for path in LOOKED_AT:
                self.note(path, self.look(path), 200, self.expected[path])
            self.note("the form", self.send_words(), 303, b"")
            time.sleep(0.5)

    def note(self, what: str, answer: wire.Answer, status: int, body: bytes) -> None:
        if (answer.status, answer.body) != (status, body):
            self.faults.append(f"good visitor: {what} came with {answer.status} in {answer.seconds:.1f} s")
        elif answer.seconds > SECONDS_TO_WAIT:
            self.faults.append(f"good visitor: {what} took {answer.seconds:.1f} s")
        else:
            self.served += 1

    def look(self, path: str) -> wire.Answer:
        return wire.send(self.address, (request("GET", path),), source=self.source)

    def send_words(self) -> wire.Answer:
        """Each time as somebody else, since one visitor may send only so many a minute."""
        browser = f"User-Agent: Visitor {self.number} {self.served}"
        whole = form(
            "/search/", [("words", "nothing fits")], browser, f"Origin: {self.address}", "Sec-Fetch-Site: same-origin"
        )
        return wire.send(self.address, (whole,), source=self.source)
