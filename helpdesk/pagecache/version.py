"""The version of the content as a process knows it: never more than a second old."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from datetime import datetime, timedelta
from struct import Struct
from threading import Condition, Thread
from time import monotonic

from django.db import Error, connection
from django.db.models import Max, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from helpdesk.content.kinds import all_kinds

# The database is not asked again within this time.
SECONDS = 1.0
# The next moment at which a page appears or goes is looked up again after this time, should the clock be set.
SECONDS_TO_NEXT_MOMENT = 60.0
# A visitor waits this long for a database that was well when it was last asked. While it is in trouble, nobody waits.
TIMEOUT = 1.0

# Databases round moments, so that one can seem to have come and not be there yet.
_SHORTEST = 0.005

# The key in a WSGI environment for the version under which the page cache is going to keep the answer.
PAGE_VERSION = "helpdesk.page_version"

_COUNTER = Struct("q")


class SharedCounter:
    """A counter in memory that the processes of one server share. A change of content moves it, so all look at once.

    Processes forked after its creation share it. Two notifications at the same instant may count as one; the number is
    another one all the same.
    """

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, _COUNTER.size)

    def notify(self) -> None:
        """Tell all processes that content may have changed."""
        _COUNTER.pack_into(self.memory, 0, self.value() + 1)

    def value(self) -> int:
        return _COUNTER.unpack_from(self.memory, 0)[0]


@dataclass(frozen=True, slots=True)
class PageVersion:
    """The version that a finished page is true for: the content's number, and the last moment that has passed.

    A moment is when a page is published or archived by itself, or when something on it begins or ends. Between two of
    them time changes no page.
    """

    number: int
    moment: datetime | None = None


class VersionPoller:
    """Reads the version from the database: one query, at most once a second and only while pages are asked for.

    A thread of its own reads it, so that a hanging database keeps nobody waiting who wants a finished page. It starts
    with the first request, which is after the process was forked.
    """

    def __init__(self, counter: SharedCounter) -> None:
        self.counter = counter
        self.changed = Condition()
        self.thread: Thread | None = None
        self.wanted = False
        # What follows is written by the thread only.
        self.version: PageVersion | None = None
        self.asked_at = self.moment_asked_at = -1e9
        self.next_moment = float("inf")
        self.counted = -1
        self.is_well = True

    def read(self) -> PageVersion | None:
        """Return the version; the last known one while the database does not answer. None: no page may be cached."""
        now = monotonic()
        if now - self.asked_at < SECONDS and now < self.next_moment and self.counted == self.counter.value():
            return self.version
        with self.changed:
            self._start()
            self.wanted = True
            self.changed.notify_all()
            if self.is_well or self.version is None:
                self.is_well = self.changed.wait_for(lambda: self.asked_at >= now, TIMEOUT) and self.is_well
        return self.version

    def _start(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = Thread(target=self._run, name="content version", daemon=True)
            self.thread.start()

    def _run(self) -> None:
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.wanted)
                self.wanted = False
            now, counted = monotonic(), self.counter.value()
            try:
                self._poll(now)
                # One that answers slowly is in trouble as well.
                self.is_well = monotonic() - now < TIMEOUT
            except Error:
                # Finished pages go on; what is written is refused elsewhere.
                self.is_well = False
                self.next_moment = max(self.next_moment, now + SECONDS)
            finally:
                if connection.vendor == "postgresql":
                    connection.close()  # back to the pool
            with self.changed:
                self.asked_at, self.counted = now, counted
                self.changed.notify_all()

    def _poll(self, now: float) -> None:
        """Read the version. Raises what the database raises; the version stays as it was then."""
        number, old = stored_number(), self.version
        if number is None:
            self.version = None
        elif old is None or old.number != number or now >= self.next_moment or self._moment_is_old(now):
            moment, seconds = moments()
            self.version = PageVersion(number, moment)
            self.next_moment = now + max(seconds, _SHORTEST)
            self.moment_asked_at = now

    def _moment_is_old(self, now: float) -> bool:
        return now - self.moment_asked_at >= SECONDS_TO_NEXT_MOMENT


def stored_number() -> int | None:
    """Return the content's number in the database; None before the first migration. One query, without the ORM."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM pagecache_contentversion WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else None


def moments() -> tuple[datetime | None, float]:
    """Return the last moment at which a page changed by itself, and the seconds until the next one.

    By the database's clock. None where there was none yet, infinite where none will be. One query per kind of content
    that has such moments.
    """
    passed: list[datetime] = []
    coming: list[datetime] = []
    for kind in all_kinds():
        if names := kind.page_moments:
            found = kind.objects.order_by().aggregate(
                **{f"last_{name}": Max(name, filter=Q(**{f"{name}__lte": Now()})) for name in names},
                **{f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": Now()})) for name in names},
            )
            passed += [moment for name in names if (moment := found[f"last_{name}"])]
            coming += [moment for name in names if (moment := found[f"next_{name}"])]
    last = max(passed, default=None)
    if not coming:
        return last, float("inf")
    return last, max((min(coming) - database_time()) / timedelta(seconds=1), 0.0)


def database_time() -> datetime:
    """Return the time by the clock that decides what is public."""
    if connection.vendor != "postgresql":  # SQLite has this machine's
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
