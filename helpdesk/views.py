"""Home, the error pages, and whether the portal is well."""

from __future__ import annotations

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_anew
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk import outage
from helpdesk.faq.lookup import all_entries
from helpdesk.guides.lookup import all_contacts, guides_with_counts
from helpdesk.pieces import render
from helpdesk.routing import address


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "guides": guides_with_counts(request),
        "entries": all_entries(request),
        "contacts": all_contacts(request),
    }
    return render(request, "home.html", context)


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """The guides are listed at home."""
    return HttpResponseRedirect(address(request, "home") + "#guides")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render_anew(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Staff are told that it is their account which may not do this."""
    is_staff = getattr(getattr(request, "user", None), "is_staff", False)
    return render_anew(request, "accounts/forbidden.html" if is_staff else "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", {}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without a query: the database may be what is broken."""
    if outage.is_outage_now():
        return outage.answer(request)
    return render_anew(request, "500.html", status=500)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The portal is able to serve: 200, or 503 with a line for each part that is not ready."""
    problems = [f"{name}: {problem}" for name, check in READINESS.items() if (problem := check())]
    text = "\n".join(problems) or "ready"
    return HttpResponse(text + "\n", content_type="text/plain", status=503 if problems else 200)


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


READINESS = {"database": database_problem, "migrations": migrations_problem, "cache": cache_problem}
