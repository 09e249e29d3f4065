"""Model field for the address of a page elsewhere, with one sentence for each way to get it wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

SCHEMES = ("https", "http")
MAX_LENGTH = 500

INCOMPLETE = _("Enter the whole address, such as https://www.example.com/help.")
WRONG_SCHEME = _("Enter an address that starts with https:// or http://.")
WITH_CREDENTIALS = _("Remove the user name and password from the address: every visitor could read them.")
NO_ADDRESS = _("Copy the address from your browser: it can't contain spaces, quotation marks, or < and >.")

_NEVER_IN_ADDRESSES = re.compile(r"[\s<>\"\\^`{|}]")  # RFC 3986 has none of them
_is_url = URLValidator(schemes=SCHEMES)


def validate_web_address(value: str) -> None:
    """Raise ValidationError, with a sentence that says what to do, unless the value is a web address for visitors."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise ValidationError(INCOMPLETE, code="incomplete") from None
    if parts.scheme not in SCHEMES:
        raise ValidationError(WRONG_SCHEME if parts.scheme else INCOMPLETE, code="scheme")
    if _NEVER_IN_ADDRESSES.search(value):
        raise ValidationError(NO_ADDRESS, code="characters")
    if "@" in parts.netloc:
        raise ValidationError(WITH_CREDENTIALS, code="credentials")
    try:
        _is_url(value)
    except ValidationError:
        raise ValidationError(INCOMPLETE, code="incomplete") from None


def is_of_the_web(value: str) -> bool:
    """Return whether a browser opens the value as a page elsewhere: data that was never validated may run a script."""
    return value.lower().startswith(tuple(f"{scheme}://" for scheme in SCHEMES))


class WebAddressField(models.URLField):
    """Address of a page elsewhere: http or https, with a host, without user name and password.

    Migrations know it as a `URLField`: the column is the same.
    """

    default_validators = [validate_web_address]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        # Django's form field for addresses completes and refuses them by itself, in words of its own.
        kwargs.pop("assume_scheme", None)
        return models.CharField.formfield(self, **{"form_class": forms.CharField, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[object], dict[str, Any]]:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
