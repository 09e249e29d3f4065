"""The preview of a Markdown text, rendered by the same code as the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from helpdesk.text import markdown

LONGEST_TEXT = 50_000
# The form around the text, and what its characters take at most when they are encoded for sending.
LONGEST_BODY = 12 * LONGEST_TEXT


def limit_length(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view behind a look at the length of what is sent: 413 before any of it is read."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:12]) > LONGEST_BODY:
            return too_long()
        return view(request, *args, **kwargs)

    return limited


@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """The field `text` as HTML; 413 when it is longer than a page should ever be."""
    text = request.POST.get("text", "")
    if len(text) > LONGEST_TEXT:
        return too_long()
    return HttpResponse(markdown.render(text))


def too_long() -> HttpResponse:
    return HttpResponse(_("This text is too long for a preview."), status=413, content_type="text/plain; charset=utf-8")
