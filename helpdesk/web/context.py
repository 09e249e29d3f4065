"""Context processor of the portal. No queries."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the portal and its operator, its public URL (may be empty), and the preview if it is one."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "operator_name": settings.OPERATOR_NAME,
        "public_url": settings.PUBLIC_URL,
        "preview": getattr(request, "preview", None),
    }
