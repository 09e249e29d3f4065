"""The log of what happens with accounts: a row for Administrators, and a line for whoever runs the portal.

Neither ever has a password, a code, or what somebody typed for a name that nobody has (it may have been a password).
The line has an account's number and a network, no name and no whole address: who that was stands in the admin.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts.models import StaffEvent
from helpdesk.web.origin import ip_address, shortened

logger = logging.getLogger("helpdesk.accounts")

Kind = StaffEvent.Kind

_WARNINGS = frozenset({Kind.SIGN_IN_FAILED, Kind.LOCKED_OUT})

# What others tried is kept for as long as it takes to notice.
GUESSES_KEPT_DAYS = 90


def note(request: HttpRequest | None, kind: StaffEvent.Kind, user: Any = None, *, detail: str = "") -> None:
    """Writes into the log that this happened with the user's account; by whom, when another one is signed in."""
    address = ip_address(request) if request else None
    acting: Any = getattr(request, "user", None)
    by = acting if acting is not None and acting.is_authenticated and acting.pk != getattr(user, "pk", None) else None
    StaffEvent.objects.create(
        kind=kind,
        user_id=getattr(user, "pk", None),
        by_id=by.pk if by else None,
        detail=detail[:200],
        network=shortened(address),
    )
    level = logging.WARNING if kind in _WARNINGS else logging.INFO
    whose = f"account {user.pk}" if user else "a name that nobody has"
    whom = f" by account {by.pk}" if by else ""
    network = shortened(address) or "-"
    logger.log(level, "%s: %s%s from %s %s", kind.value, whose, whom, network, ascii(detail) if detail else "")


def connect() -> None:
    """From now on signing in and out is noted."""
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.events.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.events.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="accounts.events.failed")


def _signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    note(request, Kind.SIGNED_IN, user)
    old = timezone.now() - timedelta(days=GUESSES_KEPT_DAYS)
    StaffEvent.objects.filter(kind__in=_WARNINGS, moment__lt=old).delete()


def _signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    if user is not None and user.is_authenticated and not getattr(request, "session_ended", False):
        note(request, Kind.SIGNED_OUT, user)


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    if getattr(request, "axes_locked_out", False) and not getattr(request, "axes_failures_since_start", None):
        return  # he is waiting already: one line says so for all tries
    user = get_user_model()._default_manager.filter(username=credentials.get("username") or "").first()
    note(request, Kind.SIGN_IN_FAILED, user, detail=credentials.get("what", ""))
