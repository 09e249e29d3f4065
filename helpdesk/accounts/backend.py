"""The authentication backend: name and password, staff only; a user comes with the account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.utils import timezone

# Validity of a first password that an administrator gave.
START_PASSWORD_DAYS = 7


class StaffBackend(ModelBackend):
    def get_user(self, user_id: int) -> User | None:
        """Load the user with the account. One query, as without it."""
        user = User.objects.select_related("account").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Accept active staff, and a first password only while it is valid."""
        if not (super().user_can_authenticate(user) and user.is_staff):
            return False
        account = getattr(user, "account", None)
        if account is None or not account.must_set_password or account.password_given_at is None:
            return True
        return timezone.now() - account.password_given_at < timedelta(days=START_PASSWORD_DAYS)
