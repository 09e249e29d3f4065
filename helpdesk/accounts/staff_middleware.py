"""Sessions, sign-in, messages and the history's author, for staff's pages only.

A public page has none of them: no cookie, no query for a user, nothing that depends on who looks. So these act on
addresses under /admin/ and hand everything else straight on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin
from django_otp.middleware import OTPMiddleware
from simple_history.middleware import HistoryRequestMiddleware
from simple_history.models import HistoricalRecords

from helpdesk.permissions.actor import acting, in_pieces
from helpdesk.web.urls import STAFF_PREFIX

Handler = Callable[[HttpRequest], HttpResponseBase]


class StaffPart:
    """Begins the part of the list that is for staff's pages: a public page goes straight on behind `StaffPartEnd`."""

    def __init__(self, get_response: Handler) -> None:
        self.for_staff = get_response
        self.for_all = StaffPartEnd.behind

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return (self.for_staff if request.path_info.startswith(STAFF_PREFIX) else self.for_all)(request)


class StaffPartEnd:
    """Ends that part. It only notes what comes behind it, as Django makes the list from its end, and is left out."""

    behind: Handler

    def __init__(self, get_response: Handler) -> None:
        StaffPartEnd.behind = staticmethod(get_response)
        raise MiddlewareNotUsed


class StaffOnly(MiddlewareMixin):
    """Comes before a middleware of Django's in the order of classes, and lets it see staff's pages only."""

    # All hooks of these middlewares run inside their __call__, so passing it by passes them all by.
    async_capable = False

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(STAFF_PREFIX):
            return super().__call__(request)
        return self.get_response(request)


class StaffSessionMiddleware(StaffOnly, SessionMiddleware):
    """A session under /admin/."""


class StaffAuthenticationMiddleware(StaffOnly, AuthenticationMiddleware):
    """The signed-in user under /admin/."""


class StaffMessageMiddleware(StaffOnly, MessageMiddleware):
    """Messages under /admin/."""


class StaffFactorMiddleware:
    """Whether the signed-in user has given a second factor, under /admin/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.with_factor = OTPMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(STAFF_PREFIX):
            return self.with_factor(request)
        return self.get_response(request)


class StaffActorMiddleware:
    """Lets the models know who acts, under /admin/ (helpdesk/permissions/rules.py)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(STAFF_PREFIX):
            return self.get_response(request)
        with acting(request.user):
            response: Any = self.get_response(request)
        if response.streaming:
            response.streaming_content = in_pieces(response.streaming_content, lambda: acting(request.user))
        return response


class StaffHistoryMiddleware:
    """Lets the history of a record know who changes it, under /admin/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.with_author = HistoryRequestMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(STAFF_PREFIX):
            return self.get_response(request)
        response: Any = self.with_author(request)
        if response.streaming:
            response.streaming_content = in_pieces(response.streaming_content, lambda: _author(request))
        return response


@contextmanager
def _author(request: HttpRequest) -> Iterator[None]:
    HistoricalRecords.context.request = request
    try:
        yield
    finally:
        del HistoricalRecords.context.request
