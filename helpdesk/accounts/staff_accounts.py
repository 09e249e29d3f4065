"""What Administrators do with the accounts of others: make them, give a first password, end sessions, close them."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts import events, second_factor, sessions
from helpdesk.accounts.models import Account
from helpdesk.permissions import roles

# Letters and digits that are told apart when read out: 31 of them, so that sixteen are 79 bits.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def first_password() -> str:
    """A random password in four groups, to be read out or typed."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def give_password(request: HttpRequest, user: Any) -> str:
    """Gives a stored user a first password, which he changes when he signs in with it; his sessions end."""
    password = first_password()
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        given = {"must_set_password": True, "password_given_at": timezone.now()}
        Account.objects.update_or_create(user_id=user.pk, defaults=given)
        events.note(request, events.Kind.PASSWORD_GIVEN, user)
    return password


def end_sessions(request: HttpRequest, user: Any) -> None:
    sessions.end_all(user)
    events.note(request, events.Kind.SESSIONS_ENDED, user)


def reset_factor(request: HttpRequest | None, user: Any) -> bool:
    """Takes the user's second factor away, and says whether he had one; his sessions end."""
    with transaction.atomic():
        if not second_factor.remove(user):
            return False
        sessions.end_all(user)
        events.note(request, events.Kind.FACTOR_RESET, user)
    return True


def give_role(request: HttpRequest, user: Any, role: str) -> None:
    """Gives a stored user a role; nothing happens where he has it."""
    before = roles.role_of(user)
    if before == role:
        return
    roles.give(user, role)
    events.note(request, events.Kind.ROLE_CHANGED, user, detail=f"{before or '–'} → {role}")


def note_open_or_closed(request: HttpRequest, user: Any) -> None:
    """Notes that the account was opened or closed; a closed one has no sessions."""
    if not user.is_active:
        sessions.end_all(user)
    events.note(request, events.Kind.ACTIVATED if user.is_active else events.Kind.DEACTIVATED, user)
