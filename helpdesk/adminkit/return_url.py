"""Return URL of a small form: the admin page that it was on."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from helpdesk.web.urls import STAFF_PREFIX


def return_url(request: HttpRequest) -> str:
    """Return the path in the form's field `next`; empty for one that is not in our admin."""
    path = request.POST.get("next", "")
    safe = path.startswith(STAFF_PREFIX) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe and path.isprintable() else ""
