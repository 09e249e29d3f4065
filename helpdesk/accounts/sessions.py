"""Sessions end: after their time, when nobody uses them, and when their owner or an Administrator says so."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts import events
from helpdesk.accounts.models import Account, account_of

# In the session, as seconds since 1970.
BEGAN, SEEN = "began", "seen"
# When it last was the one that goes on while all others ended.
STANDS = "stands"

# How exactly it is remembered when a session was last used: not every request writes.
RESOLUTION = 60


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="accounts.sessions.begin")


def _begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Notes when the session began, and clears away those that nobody will come back to."""
    request.session[BEGAN] = request.session[SEEN] = request.session[STANDS] = timezone.now().timestamp()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def has_ended(request: HttpRequest) -> bool:
    """Whether the signed-in user's session is over. No query."""
    now = timezone.now().timestamp()
    began, seen = request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
    if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_AGE:
        return True
    counts_from = account_of(request.user).sessions_from
    return counts_from is not None and request.session.get(STANDS, 0) < counts_from.timestamp()


def end(request: HttpRequest) -> None:
    """Ends the session of this request, and says so in the log."""
    events.note(request, events.Kind.SESSION_ENDED, request.user)
    request.session_ended = True  # type: ignore[attr-defined]
    logout(request)


def note_use(request: HttpRequest) -> None:
    """Remembers that the session is in use, once a minute."""
    now = timezone.now().timestamp()
    if now - request.session.get(SEEN, 0) > RESOLUTION:
        request.session[SEEN] = now


def end_all(user: Any, *, but: HttpRequest | None = None) -> None:
    """Ends all sessions of a user; the one of the request `but` goes on."""
    now = timezone.now()
    Account.objects.update_or_create(user_id=user.pk, defaults={"sessions_from": now})
    if but is not None:
        but.session[STANDS] = now.timestamp()
