"""Names of staff as they are shown to each other."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AbstractUser
from django.utils.translation import gettext


def display_name(user: AbstractBaseUser | None, *, missing: str = "") -> str:
    """Return the full name of a user, else the username. Without `missing`, None is an account that was deleted."""
    if user is None:
        return missing or gettext("a former colleague")
    return (user.get_full_name() if isinstance(user, AbstractUser) else "") or user.get_username()
