"""The version of the content as a process knows it: never more than a second old."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from datetime import datetime, timedelta
from struct import Struct
from threading import Lock
from time import monotonic

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from helpdesk.publishing import Publishable

# So long the database is not asked again.
SECONDS = 1.0
# So long the moment at which the next page appears or goes is taken as known. Should the clock of the database be set,
# that is noticed by then.
SECONDS_TO_NEXT_MOMENT = 60.0

_COUNTER = Struct("q")


class Bell:
    """A number that all processes of one server share: whoever changes content rings, and the others ask at once.

    The memory is shared by the processes that branch off after it was made. When two ring at the same instant one ring
    may be lost; the number is another one all the same.
    """

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, _COUNTER.size)

    def ring(self) -> None:
        _COUNTER.pack_into(self.memory, 0, self.heard() + 1)

    def heard(self) -> int:
        return _COUNTER.unpack_from(self.memory, 0)[0]


@dataclass(frozen=True, slots=True)
class Version:
    """What a finished page is true for: the content's number, and the moments that have passed by themselves."""

    number: int
    moments: int


class Clock:
    """Tells the version, and asks the database no more than it must."""

    def __init__(self, bell: Bell) -> None:
        self.bell = bell
        self.lock = Lock()
        self.version: Version | None = None
        self.asked_at = self.moment_asked_at = -1e9
        self.next_moment = float("inf")
        self.heard = -1

    def read(self) -> Version | None:
        """The version now; the last one that was known while the database does not answer. None: keep no page.

        At most two queries, once a second.
        """
        now = monotonic()
        heard = self.bell.heard()
        if heard == self.heard and now - self.asked_at < SECONDS and now < self.next_moment:
            return self.version
        # One asks; who has a version meanwhile goes on with it, so that a slow database does not keep all waiting.
        if self.lock.acquire(blocking=self.version is None):
            try:
                self._ask(now, heard)
            finally:
                self.lock.release()
        return self.version

    def _ask(self, now: float, heard: int) -> None:
        try:
            number = stored_number()
            old = self.version
            moments = old.moments if old else 0
            if number is None:
                self.version = None
            elif old is None or old.number != number or now >= self.next_moment or self._moment_is_old(now):
                passed = now >= self.next_moment
                self.next_moment = now + seconds_to_next_moment()
                self.moment_asked_at = now
                self.version = Version(number, moments + passed)
        except DatabaseError:
            # Finished pages go on; what is written is refused elsewhere.
            pass
        finally:
            self.asked_at, self.heard = now, heard
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()

    def _moment_is_old(self, now: float) -> bool:
        return now - self.moment_asked_at >= SECONDS_TO_NEXT_MOMENT


def stored_number() -> int | None:
    """The content's number in the database; None where there is none (no migration yet). One query, without the ORM."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM pagecache_contentversion WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else None


def seconds_to_next_moment() -> float:
    """How long until a page appears or goes by the database's clock; infinite where none will.

    Two small queries for each kind of page.
    """
    pages = [model for model in apps.get_models() if issubclass(model, Publishable)]
    moments = []
    for model in pages:
        for name in ("publish_at", "archive_at"):
            found = model._default_manager.filter(Q(**{f"{name}__gt": Now()})).aggregate(next=Min(name))["next"]
            moments += [found] if found else []
    if not moments:
        return float("inf")
    return max((min(moments) - database_time()) / timedelta(seconds=1), 0.0)


def database_time() -> datetime:
    """The moment by the clock that decides what is public."""
    if connection.vendor != "postgresql":  # SQLite has this machine's
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
