"""Which request is being answered: its number, which stands in every line of the log it causes, and its route.

A route is the pattern of an address (`guides/<slug:guide>/`), never the address that was asked for: somebody may have
typed a name into that one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from random import getrandbits  # each process that branches off has a seed of its own
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

NUMBER_HEADER = "X-Request-ID"

UNKNOWN = "-"
# A finished page is answered without a look at what its address is of.
KEPT_PAGE = "kept page"

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})

_GIVEN_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")

_current: ContextVar[HttpRequest | None] = ContextVar("the request that is being answered", default=None)

logger = logging.getLogger(__name__)


def number() -> str:
    """The number of the request that is being answered; `-` outside of one."""
    return getattr(_current.get(), "number", UNKNOWN)


def route() -> str:
    """The route of the request that is being answered; `-` outside of one, and where no page has the address."""
    return route_of(_current.get())


def route_of(request: HttpRequest | None) -> str:
    match = getattr(request, "resolver_match", None)
    return UNKNOWN if match is None else match.route or "/"


class WatchMiddleware:
    """Gives each request its number, and says afterwards what became of it. The outermost one, so that it sees all.

    The number is the one a proxy gives (`X-Request-ID`), where there is one that we trust; the answer carries it back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.observe = observer()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = request.META.get("HTTP_X_REQUEST_ID")
        if number is None or not is_given_number(number):
            number = new_number()
        request.number = number  # type: ignore[attr-defined]
        _current.set(request)
        began = perf_counter()
        try:
            response = self.get_response(request)
            if self.observe is not None:
                self.observe(request.method or "", route_of(request), response.status_code, perf_counter() - began)
        finally:
            _current.set(None)
        response.headers[NUMBER_HEADER] = number
        return response


def new_number() -> str:
    """48 random bits, in groups that can be read out on a telephone: `1a52-ea76-d656`."""
    digits = f"{getrandbits(48):012x}"
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def is_given_number(number: str) -> bool:
    """Whether this is a number that a proxy gave which we trust."""
    return bool(settings.TRUSTED_PROXIES) and _GIVEN_NUMBER.fullmatch(number) is not None


Observe = Callable[[str, str, int, float], None]


def observer() -> Observe | None:
    """What is to be told of every request: method, route, status, seconds. None where nobody asked for it."""
    told: list[Observe] = [log] if settings.LOG_REQUESTS else []
    if settings.METRICS_PORT:
        from helpdesk.observability import metrics  # not before it is known where the processes keep their numbers

        told.append(metrics.observe)
    if len(told) < 2:
        return told[0] if told else None

    def tell_all(method: str, route: str, status: int, seconds: float) -> None:
        for tell in told:
            tell(method, route, status, seconds)

    return tell_all


def log(method: str, route: str, status: int, seconds: float) -> None:
    """One line for each request, when LOG_REQUESTS asks for it: nothing in it tells who asked, or for what."""
    method = method if method in METHODS else "other"
    fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    logger.info("%s %s %d in %.1f ms", method, route, status, fields["ms"], extra={"fields": fields})


class KeptPages:
    """Watches what is answered from finished pages, of which Django sees nothing."""

    def __init__(self) -> None:
        self.logs, self.metrics = settings.LOG_REQUESTS, None
        if settings.METRICS_PORT:
            from helpdesk.observability import metrics

            self.metrics = metrics

    def answered(self, method: str) -> None:
        """One was given as an answer."""
        if self.metrics is not None:
            self.metrics.kept_page(method)
        if self.logs:
            logger.info("%s %s", method, KEPT_PAGE, extra={"fields": {"method": method, "route": KEPT_PAGE}})

    def hold(self, size: int) -> None:
        """They take so many bytes now."""
        if self.metrics is not None:
            self.metrics.hold(size)


def kept_pages() -> KeptPages | None:
    """Who watches the finished pages; None where nobody asked for it."""
    return KeptPages() if settings.LOG_REQUESTS or settings.METRICS_PORT else None
