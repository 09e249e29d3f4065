"""The public pages as staff see them before visitors do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.cache import never_cache

from helpdesk.routing import View


def preview(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """The same pages for signed-in staff only, drafts included, kept out of caches and search engines."""
    return [URLPattern(page.pattern, for_staff(page.callback), page.default_args, page.name) for page in pages]


def for_staff(view: View) -> View:
    """The view with the preview switched on, once it is sure that a member of staff asks."""

    @never_cache
    @staff_member_required
    @wraps(view)
    def previewed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.preview = True  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return previewed
