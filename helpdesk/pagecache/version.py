"""The version of the content as a process knows it: never more than a second old."""

from __future__ import annotations

import mmap
from dataclasses import dataclass
from datetime import datetime, timedelta
from struct import Struct
from threading import Condition, Thread
from time import monotonic

from django.apps import apps
from django.db import Error, connection
from django.db.models import Max, Min, Q
from django.db.models.functions import Now
from django.utils import timezone

from helpdesk.content.publishing import Publishable

# So long the database is not asked again.
SECONDS = 1.0
# So long the moment at which the next page appears or goes is taken as known. Should the clock of the database be set,
# that is noticed by then.
SECONDS_TO_NEXT_MOMENT = 60.0
# So long a visitor waits for a database that was well when it was last asked. While it is in trouble, nobody waits.
PATIENCE = 1.0

# Databases round moments, so that one can seem to have come and not be there yet.
_SHORTEST = 0.005

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
    """What a finished page is true for: the content's number, and the moment that has passed last.

    A moment is when a page appears or goes by itself. Between two of them time changes no page, so that of the two
    numbers and the moments on either side of a clock that was set none can be taken for another.
    """

    number: int
    moment: datetime | None = None


class Clock:
    """Tells the version, and asks the database no more than it must: one query, once a second while somebody asks.

    A thread of its own asks, so that a database that hangs keeps nobody waiting who wants a finished page. It begins
    with the first question, which is after the process has branched off.
    """

    def __init__(self, bell: Bell) -> None:
        self.bell = bell
        self.changed = Condition()
        self.thread: Thread | None = None
        self.wanted = False
        # What follows is written by the thread only.
        self.version: Version | None = None
        self.asked_at = self.moment_asked_at = -1e9
        self.next_moment = float("inf")
        self.heard = -1
        self.is_well = True

    def read(self) -> Version | None:
        """The version now; the last one that was known while the database does not answer. None: keep no page."""
        now = monotonic()
        if now - self.asked_at < SECONDS and now < self.next_moment and self.heard == self.bell.heard():
            return self.version
        with self.changed:
            self._begin()
            self.wanted = True
            self.changed.notify_all()
            if self.is_well or self.version is None:
                self.is_well = self.changed.wait_for(lambda: self.asked_at >= now, PATIENCE) and self.is_well
        return self.version

    def _begin(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = Thread(target=self._run, name="content version", daemon=True)
            self.thread.start()

    def _run(self) -> None:
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.wanted)
                self.wanted = False
            now, heard = monotonic(), self.bell.heard()
            try:
                self._ask(now)
                # One that answers slowly is in trouble as well.
                self.is_well = monotonic() - now < PATIENCE
            except Error:
                # Finished pages go on; what is written is refused elsewhere.
                self.is_well = False
                self.next_moment = max(self.next_moment, now + SECONDS)
            finally:
                if connection.vendor == "postgresql":
                    connection.close()  # back to the pool
            with self.changed:
                self.asked_at, self.heard = now, heard
                self.changed.notify_all()

    def _ask(self, now: float) -> None:
        """Raises what the database raises; what was known stays known then."""
        number, old = stored_number(), self.version
        if number is None:
            self.version = None
        elif old is None or old.number != number or now >= self.next_moment or self._moment_is_old(now):
            moment, seconds = moments()
            self.version = Version(number, moment)
            self.next_moment = now + max(seconds, _SHORTEST)
            self.moment_asked_at = now

    def _moment_is_old(self, now: float) -> bool:
        return now - self.moment_asked_at >= SECONDS_TO_NEXT_MOMENT


def stored_number() -> int | None:
    """The content's number in the database; None where there is none (no migration yet). One query, without the ORM."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM pagecache_contentversion WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else None


def moments() -> tuple[datetime | None, float]:
    """The last moment at which a page appeared or went by the database's clock, and the seconds until the next one.

    None where there was none yet, infinite where none will be. One small query for each kind of page.
    """
    passed: list[datetime] = []
    coming: list[datetime] = []
    for model in apps.get_models():
        if issubclass(model, Publishable):
            found = model._default_manager.order_by().aggregate(
                **{f"last_{name}": Max(name, filter=Q(**{f"{name}__lte": Now()})) for name in _NAMES},
                **{f"next_{name}": Min(name, filter=Q(**{f"{name}__gt": Now()})) for name in _NAMES},
            )
            passed += [moment for name in _NAMES if (moment := found[f"last_{name}"])]
            coming += [moment for name in _NAMES if (moment := found[f"next_{name}"])]
    last = max(passed, default=None)
    if not coming:
        return last, float("inf")
    return last, max((min(coming) - database_time()) / timedelta(seconds=1), 0.0)


_NAMES = ("publish_at", "archive_at")


def database_time() -> datetime:
    """The moment by the clock that decides what is public."""
    if connection.vendor != "postgresql":  # SQLite has this machine's
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]
