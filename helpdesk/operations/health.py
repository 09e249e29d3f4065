"""Whether a process is alive, and whether it can serve: for balancers, and for those who watch over the machine.

They ask by whatever address the machine has, so these two are answered before anything asks for the host.
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
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The portal is able to serve: 200, or 503 with a line for each part that is not ready.

    Without Redis it serves, and only counts no limits, which a line says: were that 503, a balancer would take all
    servers out at once, for something that no visitor notices.
    """
    parts = {"database": database_problem(), "migrations": migrations_problem(), "cache": cache_problem()}
    problems = [f"{name}: {problem}" for name, problem in parts.items() if problem]
    needed = ("database", "migrations", "cache") if cache_is_in_database() else ("database", "migrations")
    ready = not any(parts[name] for name in needed)
    text = "\n".join((["ready"] if ready else []) + problems)
    return HttpResponse(text + "\n", content_type="text/plain", status=200 if ready else 503)


def cache_is_in_database() -> bool:
    """Whether the cache is a table of the database, and no Redis."""
    return settings.CACHES["default"]["BACKEND"].endswith(".DatabaseCache")


def database_problem() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:
        return type(error).__name__
    return ""


def migrations_problem() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Exception as error:
        return type(error).__name__
    return f"{len(waiting)} not applied" if waiting else ""


def cache_problem() -> str:
    try:
        cache.set("readyz", "1", timeout=10)
        return "" if cache.get("readyz") == "1" else "does not keep what it is given"
    except Exception as error:
        return type(error).__name__


VIEWS = {"/healthz": healthz, "/readyz": readyz}


class HealthMiddleware:
    """Answers these two addresses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = VIEWS.get(request.path_info)
        return self.get_response(request) if view is None else view(request)
