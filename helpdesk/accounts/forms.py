"""Forms for the login steps and for one's own account."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

USERNAME_MAX_LENGTH = 150
WRONG_CODE = _("That code isn't valid. Wait for the next code in your app and enter it.")


def normalized_username(typed: str) -> str:
    """Normalize a typed name to the form in which names are stored and failures are counted."""
    return unicodedata.normalize("NFKC", typed[:USERNAME_MAX_LENGTH].replace("\0", "")).strip()


class SignInForm(forms.Form):
    """Name and password; once valid, `user` is the authenticated user."""

    username = forms.CharField(
        label=_("User name"),
        max_length=USERNAME_MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        name, password = normalized_username(self.cleaned_data.get("username", "")), self.cleaned_data.get("password")
        if name and password:
            self.user = authenticate(self.request, username=name, password=password)
            if self.user is None:
                # The same for an unknown name, a closed account, and one that is not staff.
                raise ValidationError(
                    gettext(
                        "Wrong user name or password. Passwords are case-sensitive. Try again, or ask an "
                        "Administrator to reset your password."
                    ),
                    "refused",
                )
        return cleaned


class CodeForm(forms.Form):
    """A code of the app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )


class ConfirmForm(CodeForm):
    """Password and code: the confirmation of changes that weaken an account."""

    password = forms.CharField(
        label=_("Current password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]


class OwnPasswordForm(AdminPasswordChangeForm):
    """The old password and the new one twice; the new one must differ."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("old_password") and self.cleaned_data["old_password"] == self.cleaned_data.get(
            "new_password1"
        ):
            self.add_error("new_password1", gettext("This is your current password. Choose a different one."))
        return cleaned
