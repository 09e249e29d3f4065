"""Signing in by name and password, as Django does it; what we know of an account comes along with its user."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

# So long somebody has to sign in with the password that an administrator gave him.
START_PASSWORD_DAYS = 7


class StaffBackend(ModelBackend):
    def get_user(self, user_id: Any) -> Any:
        """The user with his account. One query, as without it."""
        user = get_user_model()._default_manager.select_related("account").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Only staff, and only as long as a first password is good for."""
        if not (super().user_can_authenticate(user) and user.is_staff):
            return False
        account = getattr(user, "account", None)
        if account is None or not account.must_set_password or account.password_given_at is None:
            return True
        return timezone.now() - account.password_given_at < timedelta(days=START_PASSWORD_DAYS)
