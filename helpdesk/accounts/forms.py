"""The forms with which staff sign in, and look after their own accounts."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 150


def as_name(typed: str) -> str:
    """What somebody typed for a name, in the form in which names are stored and wrong tries are counted."""
    return unicodedata.normalize("NFKC", typed[:LONGEST_NAME].replace("\0", "")).strip()


class SignInForm(forms.Form):
    """Name and password; afterwards `user` is who they belong to."""

    username = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
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
        self.user: Any = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        name, password = as_name(self.cleaned_data.get("username", "")), self.cleaned_data.get("password")
        if name and password:
            self.user = authenticate(self.request, username=name, password=password)
            if self.user is None:
                # The same for a name that nobody has, a closed account, and one that is none of staff.
                raise ValidationError(
                    _("This name and this password do not go together. Capital and small letters count."), "refused"
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
    """The password and a code: for what weakens an account."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]


class OwnPasswordForm(AdminPasswordChangeForm):
    """The old password and the new one twice; the new one has to be another."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("old_password") and self.cleaned_data["old_password"] == self.cleaned_data.get(
            "new_password1"
        ):
            self.add_error("new_password1", _("This is the password you have. Choose another one."))
        return cleaned
