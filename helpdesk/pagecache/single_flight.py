"""Single flight: of several threads that want the same thing at once, one makes it and the others wait for it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Event, Lock


class SingleFlight:
    """Makes threads with the same key take turns: the first one leads, the others wait until it is done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.lock = Lock()
        self.flights: dict[Hashable, Event] = {}

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """Enter at once as the leader of this key; behind a leader when it has left, failed, or taken `seconds`."""
        with self.lock:
            flight = self.flights.get(key)
            leads = flight is None
            if flight is None:
                flight = self.flights[key] = Event()
        if not leads:
            flight.wait(self.seconds)
            yield
            return
        try:
            yield
        finally:
            with self.lock:
                del self.flights[key]
            flight.set()
