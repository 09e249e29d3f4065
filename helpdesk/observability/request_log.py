"""Middleware that gives each request its ID and reports the response to the log and to other observers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from helpdesk.observability.request_context import REQUEST_ID_HEADER, answering, route_of

# The label of a response from the page cache, which does not resolve the address.
CACHED_PAGE = "kept page"

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})

logger = logging.getLogger(__name__)

# Receives method, route, status and seconds; the status of a cached page is None, and its seconds are 0.
RequestObserver = Callable[[str, str, int | None, float], None]

# What `helpdesk.wsgi` adds before the middleware is loaded.
request_observers: list[RequestObserver] = []


def active_observers() -> list[RequestObserver]:
    """Return everything that is told of each request."""
    return [*([log_request] if settings.LOG_REQUESTS else []), *request_observers]


def log_request(method: str, route: str, status: int | None, seconds: float) -> None:
    """Log one line that says neither who made the request nor for what."""
    fields: dict[str, object] = {"method": method, "route": route}
    if status is None:
        logger.info("%s %s", method, route, extra={"fields": fields})
        return
    fields |= {"status": status, "ms": round(seconds * 1000, 1)}
    logger.info("%s %s %d in %.1f ms", method, route, status, fields["ms"], extra={"fields": fields})


class RequestLogMiddleware:
    """Set the current request and observe its response; outermost, so that it sees every response of Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.observers = active_observers()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with answering(request) as request_id:
            started = perf_counter()
            response = self.get_response(request)
            seconds = perf_counter() - started
            method = request.method if request.method in METHODS else "other"
            for observe in self.observers:
                observe(method, route_of(request), response.status_code, seconds)
        response.headers[REQUEST_ID_HEADER] = request_id
        return response


class PageCacheObserver:
    """Receives what the page cache does: Django sees nothing of the responses that come from it."""

    def __init__(self, observe_size: Callable[[int], None] | None = None) -> None:
        self.observers = active_observers()
        self.observe_size = observe_size

    def served(self, method: str) -> None:
        for observe in self.observers:
            observe(method, CACHED_PAGE, None, 0.0)

    def resized(self, size: int) -> None:
        """Receive the number of bytes that the cache holds now."""
        if self.observe_size is not None:
            self.observe_size(size)
