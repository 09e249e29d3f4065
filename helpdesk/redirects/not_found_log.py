"""Log of the paths that visitors asked for and did not find, so that staff can redirect them.

Scanners try the addresses of other people's programs all day. So the log takes only what a person may have wanted to
read: a path that one of our pages, or a page of an earlier site, may have had.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from threading import Lock
from time import monotonic

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.addresses.paths import LONGEST_PATH, normalize
from helpdesk.addresses.resolver import resolve
from helpdesk.redirects.models import DeadAddress
from helpdesk.web.timeouts import best_effort
from helpdesk.web.urls import is_early

# Lower-case letters, digits and hyphens, as in our own paths, and the underscores of others; at the end maybe an HTML
# file. Any other dot is a file: pictures and scripts that a page lacks, and what scanners try (.php, .env, .git).
PLAUSIBLE = re.compile(r"(?:/[a-z0-9][a-z0-9_-]{0,79}){1,6}(?:/|\.html?)?")
# Programs that scanners look for without a dot; and paths that hold what somebody was given or typed.
NOISE = re.compile(
    r"/(?:wp|wordpress|wp-[^/]*|xmlrpc|cgi-bin|phpmyadmin|pma|mysql|administrator|actuator|autodiscover|owa|ecp|hnap1"
    r"|solr|jenkins|manager|boaform|vendor|console|debug|api|embed|static|media|admin"
    r"|handoff|search)(?:/|$)"
)
# The number of a customer or a telephone, which does not belong in a log. A help number is shorter.
LONG_NUMBER = re.compile(r"\d{7}")

MOST_ROWS = 2_000
ROOM_MADE = 100

# Each process writes at most so many different paths a minute, and each of them once: a flood costs no query.
WRITES_A_MINUTE = 20
MINUTE = 60
# Milliseconds that a visitor waits for another writer. A count that is lost is no loss.
LOCK_TIMEOUT = 50


class MinuteLimit:
    """Limit that lets each path through once a minute, and only so many different ones."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = -1
        self._admitted: set[str] = set()

    def admits(self, path: str) -> bool:
        minute = int(monotonic()) // MINUTE
        with self._lock:
            if minute != self._minute:
                self._minute, self._admitted = minute, set()
            if path in self._admitted or len(self._admitted) >= WRITES_A_MINUTE:
                return False
            self._admitted.add(path)
            return True


limit = MinuteLimit()


def log_not_found(request: HttpRequest, status: int) -> None:
    """Count the path of a request when it may be worth a redirect. Never raises, and waits 50 ms at most."""
    path = normalize(request.path_info)
    if request.method == "GET" and is_plausible(path) and not is_early(request) and limit.admits(path):
        best_effort("A dead address was not counted", partial(count, path, status), lock_timeout=LOCK_TIMEOUT)


def is_plausible(path: str) -> bool:
    """Return whether one of our pages or of an earlier site may have had this path, and nothing personal is in it."""
    return (
        len(path) <= LONGEST_PATH
        and PLAUSIBLE.fullmatch(path) is not None
        and NOISE.match(path) is None
        and LONG_NUMBER.search(path) is None
    )


def count(path: str, status: int) -> None:
    """Add one to the row of a path, unless another process has within the minute.

    The path of a page that staff keep from visitors, such as a draft, gets no row: it needs no redirect. Two to five
    queries, and twelve more before the first row of a path.
    """
    now = timezone.now()
    known = DeadAddress.objects.filter(path=path)
    due = known.filter(last_at__lt=now - timedelta(seconds=MINUTE - 1))
    if due.update(count=F("count") + 1, status=status, last_at=now) or known.exists():
        return
    found = resolve(path)
    if found.page is not None and not found.is_gone:
        return
    if DeadAddress.objects.count() >= MOST_ROWS:
        make_room()
    row = DeadAddress(path=path, status=status, first_at=now, last_at=now)
    DeadAddress.objects.bulk_create([row], ignore_conflicts=True)


def make_room() -> None:
    """Delete the rows that were asked for least, the oldest first."""
    least = DeadAddress.objects.order_by("count", "last_at", "pk").values_list("pk", flat=True)[:ROOM_MADE]
    DeadAddress.objects.filter(pk__in=list(least)).delete()
