"""Counting the addresses that visitors asked for in vain, so that staff can lead them somewhere.

The net is full of machines that try the addresses of other people's programs. So what is counted is narrow: a page that
somebody wanted to read, at an address that one of our pages or a page of a site before us may have had.
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

from helpdesk.addresses.paths import LONGEST_PATH, normal
from helpdesk.redirects.models import DeadAddress
from helpdesk.web.timeouts import in_passing
from helpdesk.web.urls import is_early

# Small letters, digits and hyphens, as in our own addresses, and the underscores of others; at the end maybe a page of
# HTML. Any other dot is a file: pictures and scripts that a page lacks, and what scanners try (.php, .env, .git).
PLAUSIBLE = re.compile(r"(?:/[a-z0-9][a-z0-9_-]{0,79}){1,6}(?:/|\.html?)?")
# The programs that scanners look for without a dot; and addresses that hold what somebody was given or typed.
NOISE = re.compile(
    r"/(?:wp|wordpress|wp-[^/]*|xmlrpc|cgi-bin|phpmyadmin|pma|mysql|administrator|actuator|autodiscover|owa|ecp|hnap1"
    r"|solr|jenkins|manager|boaform|vendor|console|debug|api|embed|static|media|admin"
    r"|handoff|search)(?:/|$)"
)
# A number of a customer or a telephone, which is nobody's business here. A help number is shorter.
LONG_NUMBER = re.compile(r"\d{7}")

MOST_ROWS = 2_000
ROOM_MADE = 100

# Each process writes at most so many different addresses a minute, and each of them once: a flood costs no query.
WRITES_A_MINUTE = 20
MINUTE = 60
# Milliseconds that a visitor waits for another writer. A count that is lost is no loss.
PATIENCE = 50


class Gate:
    """Lets each address through once a minute, and only so many of them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = -1
        self._let_through: set[str] = set()

    def opens_for(self, path: str) -> bool:
        minute = int(monotonic()) // MINUTE
        with self._lock:
            if minute != self._minute:
                self._minute, self._let_through = minute, set()
            if path in self._let_through or len(self._let_through) >= WRITES_A_MINUTE:
                return False
            self._let_through.add(path)
            return True


gate = Gate()


def note(request: HttpRequest, status: int) -> None:
    """Counts a visitor's dead address when it may be worth a redirect. Never raises, and hardly ever waits."""
    path = normal(request.path_info)
    if request.method == "GET" and is_plausible(path) and not is_early(request) and gate.opens_for(path):
        in_passing("A dead address was not counted", partial(count, path, status), patience=PATIENCE)


def is_plausible(path: str) -> bool:
    """Whether a page of ours or of a site before us may have had this address, and nothing personal is in it."""
    return (
        len(path) <= LONGEST_PATH
        and PLAUSIBLE.fullmatch(path) is not None
        and NOISE.match(path) is None
        and LONG_NUMBER.search(path) is None
    )


def count(path: str, status: int) -> None:
    """One more for this address, unless another process has counted it within the minute. Two to five queries."""
    now = timezone.now()
    known = DeadAddress.objects.filter(path=path)
    due = known.filter(last_at__lt=now - timedelta(seconds=MINUTE - 1))
    if due.update(count=F("count") + 1, status=status, last_at=now) or known.exists():
        return
    if DeadAddress.objects.count() >= MOST_ROWS:
        make_room()
    row = DeadAddress(path=path, status=status, first_at=now, last_at=now)
    DeadAddress.objects.bulk_create([row], ignore_conflicts=True)


def make_room() -> None:
    """Forgets those that were asked for least, the longest ago first."""
    least = DeadAddress.objects.order_by("count", "last_at", "pk").values_list("pk", flat=True)[:ROOM_MADE]
    DeadAddress.objects.filter(pk__in=list(least)).delete()
