"""Throttling of sign-ins: after a few wrong passwords or codes an address has to wait, and that is logged.

django-axes counts the failures of each name from an address, and we those of all names from it. From elsewhere the
owner of the name can still sign in, so nobody can be locked out by others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet, Sum
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from helpdesk.accounts import events
from helpdesk.accounts.models import EventKind

# All names together, from one address: an office of many people with a bad day, but no list of names.
ADDRESS_FAILURE_LIMIT = 30


class ThrottlingHandler(AxesDatabaseHandler):
    """Handler of django-axes with a second limit, for all names from one address."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
        return super().is_locked(request, credentials) or _failures(_attempts_from(request)) >= ADDRESS_FAILURE_LIMIT

    def user_login_failed(
        self, sender: object, credentials: dict[str, str], request: Any = None, **kwargs: object
    ) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is None or request.axes_locked_out:
            return
        if _failures(_attempts_from(request)) >= ADDRESS_FAILURE_LIMIT:
            request.axes_locked_out = True
            request.axes_credentials = credentials
            user_locked_out.send("axes", request=request, username="", ip_address=request.axes_ip_address)


@receiver(user_locked_out)
def _log_lock_out(sender: object, request: Any, username: str = "", **kwargs: object) -> None:
    if request.axes_failures_since_start is None:
        return  # the address was waiting already
    events.log_event(request, EventKind.LOCKED_OUT, User.objects.filter(username=username or "").first())


def is_locked_out(request: HttpRequest, username: str) -> bool:
    """Check whether there were so many failures that this try is not even looked at."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def check_password(request: HttpRequest, user: AbstractBaseUser, password: str) -> bool:
    """Check the signed-in user's password; a wrong one counts as a failed sign-in."""
    name = user.get_username()
    return not is_locked_out(request, name) and authenticate(request, username=name, password=password) is not None


def count_wrong_code(request: HttpRequest, user: AbstractBaseUser) -> None:
    """Count a wrong code as a failed sign-in."""
    name = user.get_username()
    user_login_failed.send(__name__, credentials={"username": name, "what": "code"}, request=request)


def wait_page(request: HttpRequest, username: str) -> HttpResponse:
    """Answer 429, with the moment of the end of the lock-out."""
    until = locked_until(request, username)
    response = render(request, "accounts/wait.html", {"until": until}, status=429)
    response.headers["Retry-After"] = str(max(1, round((until - timezone.now()).total_seconds())))
    add_never_cache_headers(response)
    return response


def locked_until(request: HttpRequest, username: str) -> datetime:
    """Return the moment when enough of the failures expire; now, without a lock-out."""
    AxesProxyHandler.update_request(request)
    attempts = _attempts_from(request)
    return max(
        _expiry(attempts.filter(username=username), settings.AXES_FAILURE_LIMIT),
        _expiry(attempts, ADDRESS_FAILURE_LIMIT),
    )


def _attempts_from(request: Any) -> QuerySet[AccessAttempt]:
    """Return the failures of the request's address that still count."""
    since = timezone.now() - _cool_off()
    return AccessAttempt.objects.filter(ip_address=request.axes_ip_address, attempt_time__gte=since)


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def _expiry(attempts: QuerySet[AccessAttempt], limit: int) -> datetime:
    """Return the moment when the oldest rows that bring the sum to the limit expire."""
    rows = list(attempts.order_by("attempt_time").values_list("attempt_time", "failures_since_start"))
    left = sum(failures for _, failures in rows)
    end = timezone.now()
    for moment, failures in rows:
        if left < limit:
            break
        left, end = left - failures, moment + _cool_off()
    return end


def _cool_off() -> timedelta:
    return get_cool_off()
