"""Health checks for load balancers and monitoring: `/healthz` (alive) and `/readyz` (able to serve).

They are requested by any address the machine has, so they are answered before the host is checked.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


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
    parts = {"database": database_problem(), "migrations": migrations_problem(), "cache": cache_problem()}
    problems = [f"{name}: {problem}" for name, problem in parts.items() if problem]
    needed = ("database", "migrations", "cache") if cache_is_in_database() else ("database", "migrations")
    ready = not any(parts[name] for name in needed)
    text = "\n".join((["ready"] if ready else []) + problems)
    return HttpResponse(text + "\n", content_type="text/plain", status=200 if ready else 503)


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
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:
        return type(error).__name__
    return f"{len(waiting)} not applied" if waiting else ""


def cache_problem() -> str:
    """Return the error of writing and reading a cache entry; empty when both work."""
    try:
        cache.set("readyz", "1", timeout=10)
        return "" if cache.get("readyz") == "1" else "does not keep what it is given"
    except Exception as error:
        return type(error).__name__


VIEWS = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Answer both addresses before any other middleware needs the host or the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = VIEWS.get(request.path_info)
        return self.get_response(request) if view is None else view(request)
