"""The end of sessions: after their time, after idle time, and on demand of their owner or an Administrator."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts import events
from helpdesk.accounts.models import Account, EventKind, account_of, signed_in

# Keys in the session; the values are seconds since 1970. The last one is the moment since which it survived the end of
# all others.
STARTED, LAST_USED, CONFIRMED = "began", "seen", "stands"

# The precision of LAST_USED: not every request writes.
RESOLUTION = 60


@receiver(user_logged_in)
def _start(sender: object, request: HttpRequest, user: User, **kwargs: object) -> None:
    """Start a session with its times."""
    request.session[STARTED] = request.session[LAST_USED] = request.session[CONFIRMED] = timezone.now().timestamp()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def has_ended(request: HttpRequest) -> bool:
    """Check whether the signed-in user's session is over. No query."""
    now = timezone.now().timestamp()
    started, last_used = request.session.get(STARTED, 0), request.session.get(LAST_USED, 0)
    if now - started > settings.SESSION_COOKIE_AGE or now - last_used > settings.SESSION_IDLE_AGE:
        return True
    valid_from = account_of(request.user).sessions_from
    return valid_from is not None and request.session.get(CONFIRMED, 0) < valid_from.timestamp()


def end(request: HttpRequest) -> None:
    """End the session of this request, and log that."""
    events.log_event(request, EventKind.SESSION_ENDED, signed_in(request))
    request.__dict__["session_ended"] = True
    logout(request)


def note_use(request: HttpRequest) -> None:
    """Store that the session is in use, at most once a minute."""
    now = timezone.now().timestamp()
    if now - request.session.get(LAST_USED, 0) > RESOLUTION:
        request.session[LAST_USED] = now


def end_all(user: AbstractBaseUser, *, but: HttpRequest | None = None) -> None:
    """End all sessions of a user, but that of one request."""
    now = timezone.now()
    Account.objects.update_or_create(user_id=user.pk, defaults={"sessions_from": now})
    if but is not None:
        but.session[CONFIRMED] = now.timestamp()
