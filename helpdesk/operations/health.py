"""Health checks for load balancers and monitoring: `/healthz` (alive) and `/readyz` (able to serve).

They are requested by any address the machine has, so they are answered before the host is checked. Anybody can ask, so
they only read, and wait for nothing longer than `LOCK_TIMEOUT`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.web.timeouts import short_lock_timeout


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200: the process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the portal is able to serve, or 503 with a line for each problem.

    Without Redis it serves, only rate limits are off, which a line says: a 503 would make a load balancer take out all
    servers at once, for something that no visitor notices.
    """
    parts = found_problems()
    problems = [f"{name}: {problem}" for name, problem in parts.items() if problem]
    needed = ("database", "migrations", "cache") if cache_is_in_database() else ("database", "migrations")
    ready = not any(parts[name] for name in needed)
    text = "\n".join((["ready"] if ready else []) + problems)
    return HttpResponse(text + "\n", content_type="text/plain", status=200 if ready else 503)


def found_problems() -> dict[str, str]:
    """Return the problem of each part, empty where there is none. Four queries, none of which writes."""
    try:
        with short_lock_timeout():
            return {"database": database_problem(), "migrations": migrations_problem(), "cache": cache_problem()}
    except Exception as error:  # no connection at all
        return {"database": type(error).__name__, "migrations": "", "cache": ""}


def cache_is_in_database() -> bool:
    """Return whether the cache is a database table, not Redis."""
    return settings.CACHES["default"]["BACKEND"].endswith(".DatabaseCache")


def database_problem() -> str:
    """Return the error of a trivial query; empty when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return type(error).__name__
    return ""


def migrations_problem() -> str:
    """Return the number of missing migrations as text; empty when all are applied."""
    try:
        waiting = known_migrations() - set(MigrationRecorder(connection).applied_migrations())
    except Exception as error:
        return type(error).__name__
    return f"{len(waiting)} not applied" if waiting else ""


@functools.cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of this code, by app and name. Loading them takes longer than a page."""
    return frozenset(MigrationLoader(None).graph.nodes)


def cache_problem() -> str:
    """Return the error of reading from the cache; empty when it works."""
    try:
        cache.get("readyz")
    except Exception as error:
        return type(error).__name__
    return ""


VIEWS = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Answer both addresses before any other middleware needs the host or the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = VIEWS.get(request.path_info)
        return self.get_response(request) if view is None else view(request)
