"""Context processor: the page that was meant, and the people, for error pages. No query until a template reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from helpdesk.contacts.lookup import all_contacts
from helpdesk.contacts.models import ContactPoint
from helpdesk.redirects.likely_page import LikelyPage, likely_page
from helpdesk.web.urls import STAFF_PREFIX


def ways_on(request: HttpRequest) -> dict[str, Any]:
    """Return the page that the address resembles, and all contact points.

    Both are empty where the database does not answer: an error page is shown all the same.
    """
    return {
        "suggested_page": SimpleLazyObject(lambda: _suggested_page(request)),
        "portal_contacts": SimpleLazyObject(lambda: _contacts(request)),
    }


def _suggested_page(request: HttpRequest) -> LikelyPage | None:
    if request.path_info.startswith(STAFF_PREFIX):
        return None
    try:
        return likely_page(request.path_info)
    except DatabaseError:
        return None


def _contacts(request: HttpRequest) -> Sequence[ContactPoint]:
    """Return none for a picture, whose error page nobody looks at."""
    if request.path_info.startswith(settings.MEDIA_URL):
        return []
    try:
        return all_contacts()
    except DatabaseError:
        return []
