"""Log of slow queries, without their parameters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from helpdesk.observability.request_context import route

logger = logging.getLogger(__name__)

MAX_STATEMENT_LENGTH = 2_000

# Receives the seconds that a query took.
QueryObserver = Callable[[float], None]


class QueryTimer:
    """Execute wrapper that logs slow queries with their placeholders; the parameters may be what a visitor typed."""

    def __init__(self, slow_ms: int, observe: QueryObserver | None = None) -> None:
        self.slow_seconds = slow_ms / 1000 if slow_ms else float("inf")
        self.observe = observe

    def __call__(
        self, execute: Callable[..., object], sql: object, params: object, many: bool, context: dict[str, Any]
    ) -> object:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = perf_counter() - started
            if self.observe is not None:
                self.observe(seconds)
            if seconds >= self.slow_seconds:
                log_slow_query(str(sql), seconds)


def log_slow_query(sql: str, seconds: float) -> None:
    statement, ms = " ".join(sql.split())[:MAX_STATEMENT_LENGTH], round(seconds * 1000)
    fields = {"ms": ms, "route": route(), "statement": statement}
    logger.warning("Slow query (%d ms) for %s: %s", ms, fields["route"], statement, extra={"fields": fields})


def connect(slow_ms: int, observe: QueryObserver | None = None) -> None:
    """Time the queries of every connection from here on; do nothing where neither log nor observer wants them."""
    if not slow_ms and observe is None:
        return
    timer = QueryTimer(slow_ms, observe)

    def add_timer(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        # The signal is sent again for each connection from a pool, with the same wrapper object.
        if timer not in connection.execute_wrappers:
            connection.execute_wrappers.append(timer)

    connection_created.connect(add_timer, weak=False, dispatch_uid="observability.slow_queries")
