"""View of the Markdown preview, rendered by the same code as the site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from helpdesk.text import markdown

LONGEST_TEXT = 50_000
# With the form around the text and the longest encoding of its characters.
LONGEST_BODY = 12 * LONGEST_TEXT


def limit_length(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view to answer 413 to a long request before its body is read."""

    @wraps(view)
    def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:12]) > LONGEST_BODY:
            return too_long()
        return view(request, *args, **kwargs)

    return limited


@require_POST
def markdown_preview(request: HttpRequest) -> HttpResponse:
    """Return the field `text` as HTML; 413 for a text that is too long for a page."""
    text = request.POST.get("text", "")
    if len(text) > LONGEST_TEXT:
        return too_long()
    return HttpResponse(markdown.render(text))


def too_long() -> HttpResponse:
    text = gettext("This text is too long to preview.")
    return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")
