"""Operations of Administrators on the accounts of others: first passwords, roles, sessions, closing."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts import events, second_factor, sessions
from helpdesk.accounts.models import Account, EventKind
from helpdesk.accounts.random_codes import random_code
from helpdesk.permissions import roles


def give_password(request: HttpRequest, user: User) -> str:
    """Give a stored user a first password, to be changed at the first sign-in; all sessions end."""
    password = "-".join(random_code(4) for _ in range(4))
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        given = {"must_set_password": True, "password_given_at": timezone.now()}
        Account.objects.update_or_create(user_id=user.pk, defaults=given)
        events.log_event(request, EventKind.PASSWORD_GIVEN, user)
    return password


def end_sessions(request: HttpRequest, user: User) -> None:
    sessions.end_all(user)
    events.log_event(request, EventKind.SESSIONS_ENDED, user)


def reset_factor(request: HttpRequest | None, user: User) -> bool:
    """Remove the second factor of a user, and end all sessions; false where there was none."""
    with transaction.atomic():
        if not second_factor.remove(user):
            return False
        sessions.end_all(user)
        events.log_event(request, EventKind.FACTOR_RESET, user)
    return True


def give_role(request: HttpRequest, user: User, role: str) -> None:
    """Give a stored user a role, unless it is the present one."""
    before = roles.role_of(user)
    if before == role:
        return
    roles.set_role(user, role)
    events.log_event(request, EventKind.ROLE_CHANGED, user, detail=f"{before or '–'} → {role}")


def log_open_or_closed(request: HttpRequest, user: User) -> None:
    """Log that the account was opened or closed; the sessions of a closed one end."""
    if not user.is_active:
        sessions.end_all(user)
    events.log_event(request, EventKind.ACTIVATED if user.is_active else EventKind.DEACTIVATED, user)
