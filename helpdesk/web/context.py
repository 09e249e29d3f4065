"""Context processor of the portal. No queries."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the public URL of the portal (may be empty), and the preview if it is one."""
    return {
        "public_url": settings.PUBLIC_URL,
        "preview": getattr(request, "preview", None),
    }
