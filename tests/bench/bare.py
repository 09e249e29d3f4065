"""A Django that does nothing: one view, a constant answer as long as a page of ours, no middleware, no database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

BODY = b"x" * 10_800


def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(BODY)


urlpatterns = [path("", view), path("<path:rest>", view)]


def make_application() -> Any:
    """The same Django as a program of its own."""
    settings.configure(ALLOWED_HOSTS=["*"], MIDDLEWARE=[], ROOT_URLCONF="tests.bench.bare", SECRET_KEY="bare")
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
