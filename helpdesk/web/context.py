"""What every template may use, without a query."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, str]:
    """The names of the portal and its operator, and the address visitors know it by (may be empty)."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "operator_name": settings.OPERATOR_NAME,
        "public_url": settings.PUBLIC_URL,
    }
