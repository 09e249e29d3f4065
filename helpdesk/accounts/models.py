"""Models: the account beside Django's user, the log of events, and proxies for logs of other apps."""

from __future__ import annotations

from typing import Any, cast

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """The account beside a user: first password and end of sessions.

    A user without this row has set a password and ended no sessions.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="account"
    )
    must_set_password = models.BooleanField(_("must set a password"), default=False)
    password_given_at = models.DateTimeField(_("first password issued"), null=True, blank=True)
    sessions_from = models.DateTimeField(_("sessions valid from"), null=True, blank=True)

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class EventKind(models.TextChoices):
    """The kinds of events in the log of accounts."""

    SIGNED_IN = "signed-in", _("Logged in")
    SIGN_IN_FAILED = "sign-in-failed", _("Login failed")
    LOCKED_OUT = "locked-out", _("Locked out after failed logins")
    LOCK_OUT_ENDED = "lock-out-ended", _("Lockout ended by an Administrator")
    SIGNED_OUT = "signed-out", _("Logged out")
    SESSION_ENDED = "session-ended", _("Session expired")
    SESSIONS_ENDED = "sessions-ended", _("All sessions ended")
    PASSWORD_CHANGED = "password-changed", _("Password changed")
    PASSWORD_GIVEN = "password-given", _("First password issued")
    FACTOR_ADDED = "factor-added", _("Two-factor authentication set up")
    FACTOR_REMOVED = "factor-removed", _("Two-factor authentication turned off")
    FACTOR_RESET = "factor-reset", _("Two-factor authentication reset by an Administrator")
    CODES_MADE = "codes-made", _("New recovery codes created")
    CODE_USED = "code-used", _("Recovery code used")
    ROLE_CHANGED = "role-changed", _("Role changed")
    DEACTIVATED = "deactivated", _("Account closed")
    ACTIVATED = "activated", _("Account reopened")
    EXPORTED = "exported", _("Content exported")
    IMPORTED = "imported", _("Content imported")


class StaffEvent(models.Model):
    """An event of an account: a sign-in, a changed password, an export. Rows are only ever added."""

    moment = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    kind = models.CharField(_("action"), max_length=20, choices=EventKind.choices)
    # Empty for a name that nobody has.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("account"),
    )
    # Set where it was not the owner of the account.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    # A code or a value; StaffEventAdmin.more puts it into words.
    detail = models.CharField(_("details"), max_length=200, blank=True)
    # A network, not an address: helpdesk.web.origin.shortened.
    network = models.CharField(_("from"), max_length=50, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("log of logins and accounts")
        ordering = ["-moment", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.get_kind_display()


class LoggedChange(LogEntry):
    """An entry of Django's log of changes in the admin."""

    class Meta:
        proxy = True
        verbose_name = _("logged change")
        verbose_name_plural = _("log of changes")
        default_permissions = ("view",)


class FailedSignIns(AccessAttempt):
    """The failures for one name from one address, while they count (django-axes)."""

    class Meta:
        proxy = True
        verbose_name = _("failed logins")
        verbose_name_plural = _("failed logins and lockouts")
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return f"{self.username} ({self.ip_address})"


def signed_in(request: HttpRequest) -> User:
    """Return the user of a request that `StaffAccessMiddleware` has let through."""
    return cast(User, request.user)


def account_of(user: Any) -> Account:
    """Return the user's account, stored or new. One query where the user was loaded without it."""
    found = getattr(user, "account", None)
    return found if found is not None else Account(user=user)
