"""The view of picture files, for everybody. Nothing else in the folder for uploads is served."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.images import storage

# Another picture has another address.
CACHE_FOREVER = "public, max-age=31536000, immutable"
# Anything else that might get into such a file can neither run nor load anything.
POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send a picture's file by its name. No query."""
    file = storage.open_image(name)
    if file is None:
        raise Http404
    headers = {"Cache-Control": CACHE_FOREVER, "Content-Security-Policy": POLICY}
    return FileResponse(file, content_type="image/webp", filename=name, headers=headers)
