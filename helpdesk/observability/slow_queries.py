"""Queries that take long are logged, without what was asked for in them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from helpdesk.observability import requests

logger = logging.getLogger(__name__)

LONGEST = 2_000


class Watch:
    """Stands around every query of a connection.

    The log has the statement with its placeholders, never the values: they may be what a visitor typed.
    """

    def __init__(self, slow_ms: int, observe: Callable[[float], None] | None = None) -> None:
        self.slow = slow_ms / 1000 if slow_ms else float("inf")
        self.observe = observe

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = perf_counter() - began
            if self.observe is not None:
                self.observe(seconds)
            if seconds >= self.slow:
                log(str(sql), seconds)


def log(sql: str, seconds: float) -> None:
    statement, ms = " ".join(sql.split())[:LONGEST], round(seconds * 1000)
    fields = {"ms": ms, "route": requests.route(), "statement": statement}
    logger.warning("Slow query (%d ms) for %s: %s", ms, fields["route"], statement, extra={"fields": fields})


def connect() -> None:
    """From now on every connection is watched, where a setting asks for it."""
    observe = None
    if settings.METRICS_PORT:
        from helpdesk.observability import metrics

        observe = metrics.observe_query
    if not settings.SLOW_QUERY_MS and observe is None:
        return
    watch = Watch(settings.SLOW_QUERY_MS, observe)

    def begin(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        # Told again for each connection from a pool, of the same object.
        if watch not in connection.execute_wrappers:
            connection.execute_wrappers.append(watch)

    connection_created.connect(begin, weak=False, dispatch_uid="watching.queries")
