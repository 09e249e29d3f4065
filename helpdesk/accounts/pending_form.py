"""Pending forms: what an editor sent after the session had ended, carried through the login steps.

The late post is answered with the sign-in page, which holds the form signed in a hidden field. After the last step the
person sends it on with one button. That this is wanted is sure twice: the post came from one of our own pages, and the
button is pressed.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst

from helpdesk.web.origin import surely_from_our_pages

# These two never change: login pages that are open during an update still carry forms made before it.
FIELD, _SALT = "kept", "helpdesk.accounts.kept"

# Fields with these in their names are never carried anywhere.
_SECRET = ("password", "code")

# Added by the browser to each form.
_OURS = ("csrfmiddlewaretoken",)


@dataclass(frozen=True, slots=True)
class PendingForm:
    """The address that a form was sent to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]
    with_files: bool = False

    def signed(self) -> str:
        """Return the form as one signed text."""
        return signing.dumps([self.path, self.fields, self.with_files], salt=_SALT, compress=True)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The values in words, under the names of their fields: to be copied, should all else fail."""
        in_words = ((name, value) for name, value in self.fields if " " in value.strip())
        return [(capfirst(name.replace("_", " ")), value) for name, value in in_words]


def from_signed(signed: str) -> PendingForm | None:
    """Read a form from a signed text; None for an empty text, and for one that we did not sign."""
    if not signed:
        return None
    try:
        path, fields, with_files = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return PendingForm(path, tuple((name, value) for name, value in fields), with_files)


def carried_by(request: HttpRequest) -> PendingForm | None:
    """Return the pending form that a post of a login step carries along."""
    return from_signed(request.POST.get(FIELD, ""))


def sent_by(request: HttpRequest) -> PendingForm | None:
    """Make a pending form of a post that a person sent from one of our pages; None for any other request."""
    if not is_own_form(request):
        return None
    fields = tuple((name, value) for name, values in request.POST.lists() if name not in _OURS for value in values)
    if any(secret in name.lower() for name, _value in fields for secret in _SECRET):
        return None
    return PendingForm(request.get_full_path(), fields, bool(request.FILES))


def is_own_form(request: HttpRequest) -> bool:
    """Tell a form that a person sent from one of our pages from any other request."""
    # A script that posts (the preview beside a field) asks again by itself, and needs no page.
    by_person = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "POST" and by_person and surely_from_our_pages(request)


def send_again_page(request: HttpRequest, form: PendingForm, *, first: str = "", first_text: str = "") -> HttpResponse:
    """Render the page with one button that sends the form; `first` is the address of a step to be taken before."""
    context = {"pending_form": form, "first": first, "first_text": first_text}
    response = render(request, "accounts/send_again.html", context, status=403 if first else 200)
    add_never_cache_headers(response)
    return response


def is_staff_address(path: str) -> bool:
    """Tell an address of a staff page, to which a form may be sent, from any other."""
    return path.startswith(reverse("admin:index"))
