"""The request that is being answered: its ID, which is in every log line it causes, and its route.

A route is the pattern of an address (`guides/<slug:guide>/`), never the address that was requested: somebody may have
typed a name into that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import getrandbits  # each forked process has a seed of its own

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "-"
REQUEST_ID_HEADER = "X-Request-ID"

_META_KEY = "HTTP_X_REQUEST_ID"
_PROXY_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def answering(request: HttpRequest) -> Iterator[str]:
    """Make this the current request, and yield its ID: the one that a trusted proxy gives, or a new one."""
    given = request.META.get(_META_KEY, "")
    request_id = given if _is_trusted(given) else new_id()
    request.META[_META_KEY] = request_id
    token = _request.set(request)
    try:
        yield request_id
    finally:
        _request.reset(token)


def _is_trusted(request_id: str) -> bool:
    return bool(settings.TRUSTED_PROXIES) and _PROXY_ID.fullmatch(request_id) is not None


def new_id() -> str:
    """Return 48 random bits in groups that can be read out on a telephone: `1a52-ea76-d656`."""
    digits = f"{getrandbits(48):012x}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def request_id() -> str:
    """Return the ID of the current request; `-` outside of one."""
    request = _request.get()
    return UNKNOWN if request is None else request.META[_META_KEY]


def route() -> str:
    """Return the route of the current request; `-` outside of one, and where no page has the address."""
    return route_of(_request.get())


def route_of(request: HttpRequest | None) -> str:
    """Return the route that answers a request; `-` where there is none."""
    match = getattr(request, "resolver_match", None)
    return UNKNOWN if match is None else match.route or "/"
