"""Access to /admin/: from which networks, and for whom."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from helpdesk.accounts import login_steps, sessions
from helpdesk.accounts.staff_middleware import ResponseGetter
from helpdesk.web.origin import is_in
from helpdesk.web.urls import STAFF_PREFIX


class NetworkMiddleware:
    """Answer requests for staff pages from outside ADMIN_NETWORKS with 404, as for any unknown address."""

    def __init__(self, get_response: ResponseGetter) -> None:
        if not settings.ADMIN_NETWORKS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if f"{request.path_info}/".startswith(STAFF_PREFIX) and not is_in(request, settings.ADMIN_NETWORKS):
            raise Http404
        return self.get_response(request)


class StaffAccessMiddleware:
    """Open staff pages only to staff who have taken all login steps, even a page whose view forgets to check.

    Part of STAFF_MIDDLEWARE.
    """

    def __init__(self, get_response: ResponseGetter) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponseBase | None:
        if request.user.is_authenticated and sessions.has_ended(request):
            sessions.end(request)
        user: Any = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in login_steps.OPEN_PAGES:
            return None
        if not (user.is_active and user.is_staff):
            return login_steps.ask_to_sign_in(request)
        step = login_steps.next_step(request)
        if step is not None and name not in step[1]:
            return login_steps.ask_for_step(request, step[0])
        sessions.note_use(request)
        return None
