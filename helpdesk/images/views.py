"""Sends pictures to everybody. Nothing else of the folder for uploads can be had."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.images import storage

# Another picture has another address, so whoever has one never needs to ask again.
FOR_EVER = "public, max-age=31536000, immutable"
# Should ever something else get into such a file, it can neither run nor load anything.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture's file by its name. No query."""
    file = storage.opened(name)
    if file is None:
        raise Http404
    headers = {"Cache-Control": FOR_EVER, "Content-Security-Policy": POLICY}
    return FileResponse(file, content_type="image/webp", filename=name, headers=headers)
