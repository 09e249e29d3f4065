"""Prometheus metrics that every process of the portal counts, when METRICS_PORT is set."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

from helpdesk.observability.request_log import CACHED_PAGE

# From a cached page to a visitor who has gone.
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

REQUESTS = Counter(
    "portal_requests",
    "Requests that were answered; those from finished pages have no status.",
    ["method", "route", "status"],
)
REQUEST_SECONDS = Histogram("portal_request_seconds", "Time to an answer, of what Django answered.", buckets=_SECONDS)
QUERY_SECONDS = Histogram("portal_query_seconds", "Time of each query of the database.", buckets=_SECONDS)
PAGE_CACHE_BYTES = Gauge(
    "portal_kept_pages_bytes", "What finished pages take in memory, in all processes.", multiprocess_mode="livesum"
)


def count_request(method: str, route: str, status: int | None, seconds: float) -> None:
    """Count a response; only those that Django gave are timed."""
    REQUESTS.labels(method, route, "" if status is None else str(status)).inc()
    if route != CACHED_PAGE:
        REQUEST_SECONDS.observe(seconds)


def observe_query(seconds: float) -> None:
    QUERY_SECONDS.observe(seconds)


def observe_page_cache_size(size: int) -> None:
    PAGE_CACHE_BYTES.set(size)
