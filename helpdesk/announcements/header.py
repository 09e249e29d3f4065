"""Part of the header of all admin pages: what is announced now with a button that ends it, and the way to announce."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode

from helpdesk.adminkit.extensions import header_parts
from helpdesk.announcements.models import Announcement
from helpdesk.guides.models import Guide, Symptom
from helpdesk.permissions.rules import allowed

# Live announcements in the header; the list of announcements has all.
MOST_SHOWN = 3


@header_parts
def announcements_part(request: HttpRequest) -> Iterator[str]:
    """Yield the part for those who may announce. One query, and those of the user's permissions."""
    if not allowed(request.user, "add", Announcement):
        return
    live = list(Announcement.objects.live().worst_first())
    context = {"live": live[:MOST_SHOWN], "more": len(live) - MOST_SHOWN, "start_url": start_url(request)}
    yield render_to_string("admin/announcements/_header.html", context, request)


def start_url(request: HttpRequest) -> str:
    """Return the address of the short form, with the guide or symptom that the page is about."""
    asked = {**record_in(request), "next": request.get_full_path()}
    return f"{reverse('admin:announcements_announcement_start')}?{urlencode(asked)}"


def record_in(request: HttpRequest) -> dict[str, str]:
    """Return the parameter for the record that an admin page is about: {"guide": "12"}, or nothing."""
    match = request.resolver_match
    key = match.kwargs.get("object_id", "") if match else ""
    for model in (Guide, Symptom):
        name = f"{model._meta.app_label}_{model._meta.model_name}_"
        if match and key.isdecimal() and str(match.url_name).startswith(name):
            return {str(model._meta.model_name): key}
    return {}
