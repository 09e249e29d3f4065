"""The upload form, and the limit on the size of its request."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from helpdesk.images.models import Image, UploadResult, store_upload
from helpdesk.images.processing import FILE_TOO_LARGE, MAX_BYTES
from helpdesk.permissions.actor import StaffUser

# The picture, and room for the multipart form around it.
MAX_REQUEST_BYTES = MAX_BYTES + 100_000
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


def too_large_message() -> str:
    return str(FILE_TOO_LARGE % {"most": MAX_BYTES // 1_000_000})


def limit_request_size(
    view: Callable[..., HttpResponseBase], refuse: Callable[[HttpRequest], HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """Let `refuse` answer requests that are too large, before their body is read.

    The view has to check the CSRF token itself, as those of the admin do: Django's middleware would read the whole body
    to look for it, and is exempted here.
    """

    @wraps(view)
    def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:12]) > MAX_REQUEST_BYTES:
            return refuse(request)
        return view(request, *args, **kwargs)

    return csrf_exempt(limited)


class UploadForm(forms.Form):
    """A file and its description."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "PNG, JPEG, WebP or GIF (not animated), up to 10 MB. You can also paste a picture directly into a text."
        ),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    description = forms.CharField(
        label=_("Description"),
        help_text=Image._meta.get_field("description").help_text,
        max_length=Image._meta.get_field("description").max_length,
        error_messages={"required": _("Describe in one sentence what the picture shows.")},
        widget=AdminTextInputWidget,
    )

    def save(self, user: StaffUser | None) -> UploadResult | None:
        """Store the picture; None with an error in the form where that is not possible."""
        if not self.is_valid():
            return None
        try:
            return store_upload(self.cleaned_data["file"], self.cleaned_data["description"], user)
        except ValidationError as error:
            self.add_error("description" if hasattr(error, "error_dict") else "file", error.messages)
            return None

    @property
    def first_error(self) -> str:
        """The first error, as a sentence."""
        return next((str(message) for messages in self.errors.values() for message in messages), "")
