"""The log of events of accounts: a row for Administrators, and a log line for operators.

Neither ever has a password, a code, or an unknown name (it may have been a password). The line has the key of an
account and a network, no name and no whole address.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts.models import EventKind, StaffEvent
from helpdesk.web.origin import ip_address, shortened

logger = logging.getLogger("helpdesk.accounts")

_WARNINGS = frozenset({EventKind.SIGN_IN_FAILED, EventKind.LOCKED_OUT})

# Retention of failed sign-ins: long enough to be noticed.
FAILURE_RETENTION_DAYS = 90


def log_event(request: HttpRequest | None, kind: EventKind, user: User | None = None, *, detail: str = "") -> None:
    """Log an event of the user's account, with the acting user where that is another one."""
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
    account = f"account {user.pk}" if user else "a name that nobody has"
    actor = f" by account {by.pk}" if by else ""
    network = shortened(address) or "-"
    logger.log(level, "%s: %s%s from %s %s", kind.value, account, actor, network, ascii(detail) if detail else "")


@receiver(user_logged_in)
def _log_sign_in(sender: object, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    log_event(request, EventKind.SIGNED_IN, user)
    old = timezone.now() - timedelta(days=FAILURE_RETENTION_DAYS)
    StaffEvent.objects.filter(kind__in=_WARNINGS, moment__lt=old).delete()


@receiver(user_logged_out)
def _log_sign_out(sender: object, request: HttpRequest, user: User | None, **kwargs: object) -> None:
    if user is not None and user.is_authenticated and not getattr(request, "session_ended", False):
        log_event(request, EventKind.SIGNED_OUT, user)


@receiver(user_login_failed)
def _log_failure(
    sender: object, credentials: dict[str, str], request: HttpRequest | None = None, **kwargs: object
) -> None:
    if getattr(request, "axes_locked_out", False) and not getattr(request, "axes_failures_since_start", None):
        return  # locked out already: one row stands for all tries
    user = User.objects.filter(username=credentials.get("username") or "").first()
    log_event(request, EventKind.SIGN_IN_FAILED, user, detail=credentials.get("what", ""))
