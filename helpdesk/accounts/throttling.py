"""Guessing is slowed: after a few wrong passwords or codes whoever sends them waits, and it is noted.

django-axes counts. A name is tried from one address so often, and one address tries so many names; then that address
waits. From elsewhere the owner of the name can still sign in, so nobody can lock him out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from helpdesk.accounts import events

# All names together, from one address: an office of many people with a bad day, but no list of names.
FAILURES_OF_AN_ADDRESS = 30


class Handler(AxesDatabaseHandler):
    """As that of django-axes, and no address tries one name after the other."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        return super().is_locked(request, credentials) or _failures(_of_address(request)) >= FAILURES_OF_AN_ADDRESS

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or request.axes_locked_out:
            return
        if _failures(_of_address(request)) >= FAILURES_OF_AN_ADDRESS:
            request.axes_locked_out = True
            request.axes_credentials = credentials
            user_locked_out.send("axes", request=request, username="", ip_address=request.axes_ip_address)


def connect() -> None:
    user_locked_out.connect(_locked_out, dispatch_uid="accounts.guessing.locked_out")


def _locked_out(sender: Any, request: Any, username: str = "", **kwargs: Any) -> None:
    if request.axes_failures_since_start is None:
        return  # he was waiting already
    user = get_user_model()._default_manager.filter(username=username or "").first()
    events.note(request, events.Kind.LOCKED_OUT, user)


def must_wait(request: HttpRequest, username: str) -> bool:
    """Whether so many wrong tries came that this one is not even looked at."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def password_fits(request: HttpRequest, user: Any, password: str) -> bool:
    """Whether the signed-in user's password is this; a wrong one counts as a wrong try."""
    name = user.get_username()
    return not must_wait(request, name) and authenticate(request, username=name, password=password) is not None


def count_wrong_code(request: HttpRequest, user: Any) -> None:
    """Counts a wrong code as a wrong password is counted."""
    name = user.get_username()
    user_login_failed.send(__name__, credentials={"username": name, "what": "code"}, request=request)


def wait_page(request: HttpRequest, username: str) -> HttpResponse:
    """429, with the moment from which on to try again."""
    until = waits_until(request, username)
    response = render(request, "accounts/wait.html", {"until": until}, status=429)
    response.headers["Retry-After"] = str(max(1, round((until - timezone.now()).total_seconds())))
    add_never_cache_headers(response)
    return response


def waits_until(request: HttpRequest, username: str) -> datetime:
    """When enough of the wrong tries no longer count; now, where nothing is in the way."""
    AxesProxyHandler.update_request(request)
    of_address = _of_address(request)
    return max(
        _end(of_address.filter(username=username), settings.AXES_FAILURE_LIMIT),
        _end(of_address, FAILURES_OF_AN_ADDRESS),
    )


def _of_address(request: Any) -> QuerySet[AccessAttempt]:
    """The wrong tries of the request's address that still count."""
    since = timezone.now() - _cool_off()
    return AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def _end(attempts: QuerySet[AccessAttempt], limit: int) -> datetime:
    """When the oldest rows are forgotten that bring the sum to the limit."""
    rows = list(attempts.order_by("attempt_time").values_list("attempt_time", "failures_since_start"))
    left = sum(failures for _, failures in rows)
    end = timezone.now()
    for moment, failures in rows:
        if left < limit:
            break
        left, end = left - failures, moment + _cool_off()
    return end


def _cool_off() -> Any:
    return get_cool_off()
