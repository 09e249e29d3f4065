"""The door of everything under /admin/: a page there opens for staff who are signed in completely, and for nobody else.

The admin's own views ask too. This one also holds for a page whose author forgot to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from helpdesk.accounts import login_steps, sessions
from helpdesk.web.urls import STAFF_PREFIX


class DoorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """What is answered in place of the page; None where it opens."""
        if not request.path_info.startswith(STAFF_PREFIX):
            return None
        user: Any = request.user
        if user.is_authenticated and sessions.has_ended(request):
            sessions.end(request)
            user = request.user
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in login_steps.OPEN:
            return None
        if not (user.is_active and user.is_staff):
            return login_steps.ask_to_sign_in(request)
        step = login_steps.next_step(request)
        if step is not None and name not in step[1]:
            return login_steps.ask_for_step(request, step[0])
        sessions.note_use(request)
        return None
