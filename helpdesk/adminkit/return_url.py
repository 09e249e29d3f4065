"""Where a small form leads back to: the page of the admin that it stood on."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from helpdesk.web.urls import STAFF_PREFIX


def way_back(request: HttpRequest) -> str:
    """The address in the form's field `next`; empty for one that is not a page of our own admin."""
    path = request.POST.get("next", "")
    safe = path.startswith(STAFF_PREFIX) and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if safe and path.isprintable() else ""
