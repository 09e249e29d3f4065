"""The form for a picture, and the look at how much is sent before any of it is read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.images.models import Image, Stored, store
from helpdesk.images.processing import MOST_BYTES

# The picture, and room for what a browser sends around it.
MOST_SENT = MOST_BYTES + 100_000
ACCEPTED = "image/png,image/jpeg,image/webp,image/gif"


def too_large() -> str:
    return _("This file is too large: a picture may have at most %(most)s MB. Make it smaller, and try again.") % {
        "most": MOST_BYTES // 1_000_000
    }


def limited(
    view: Callable[..., HttpResponseBase], refuse: Callable[[HttpRequest], HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """The view behind a look at the length of what is sent; `refuse` answers what is too long.

    The view has to ask for the token itself, as those of the admin do: Django's middleware would read all that is sent
    to look for it, and is kept away here.
    """

    @wraps(view)
    def looked_at(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:12]) > MOST_SENT:
            return refuse(request)
        return view(request, *args, **kwargs)

    looked_at.csrf_exempt = True  # type: ignore[attr-defined]
    return looked_at


class UploadForm(forms.Form):
    """A file and what it shows."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or GIF that stands still, at most 10 MB. You can also paste a picture "
            "straight into a text, beside which it is wanted."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"),
        help_text=Image._meta.get_field("description").help_text,
        max_length=Image._meta.get_field("description").max_length,
        error_messages={"required": gettext_lazy("Say in a sentence what the picture shows.")},
        widget=AdminTextInputWidget,
    )

    def stored(self, user: Any) -> Stored | None:
        """The picture that was sent; None where it could not be taken, and then the form says why."""
        if not self.is_valid():
            return None
        try:
            return store(self.cleaned_data["file"], self.cleaned_data["description"], user)
        except ValidationError as error:
            self.add_error("description" if hasattr(error, "error_dict") else "file", error.messages)
            return None

    @property
    def fault(self) -> str:
        """The first thing that is wrong, as a sentence."""
        return next((str(message) for messages in self.errors.values() for message in messages), "")
