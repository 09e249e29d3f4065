"""Context processor: what is announced on a page. No query until a template reads it."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from helpdesk.announcements.current import current_for
from helpdesk.announcements.models import Announcement
from helpdesk.content.audience import Audience


def announcements(request: HttpRequest) -> dict[str, Any]:
    """Return what concerns the page at this address, and what concerns the whole portal, for error pages.

    The slugs in the address decide. They are no hint on an error page, where they need not be those of a public page.
    """
    return {
        "announcements": SimpleLazyObject(lambda: _of_page(request)),
        "portal_announcements": SimpleLazyObject(lambda: _of_portal(request)),
    }


def _of_page(request: HttpRequest) -> list[Announcement]:
    slugs = request.resolver_match.kwargs if request.resolver_match else {}
    return current_for(Audience.of(request), guide=slugs.get("guide", ""), symptom=slugs.get("symptom", ""))


def _of_portal(request: HttpRequest) -> list[Announcement]:
    """Return none where the database does not answer: an error page is shown all the same."""
    try:
        return current_for(Audience.of(request))
    except DatabaseError:
        return []
