"""Names of staff as they are shown to each other."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AbstractUser


def display_name(user: AbstractBaseUser | None, nobody: str = "–") -> str:
    """Return the full name of a user, else the username; `nobody` where there is no user, or no more."""
    if user is None:
        return nobody
    return (user.get_full_name() if isinstance(user, AbstractUser) else "") or user.get_username()
