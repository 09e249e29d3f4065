"""What an editor sent is not lost when his session has ended meanwhile: it waits in the page until he is signed in.

A post that comes too late is answered with the sign-in page. What it brought is in a hidden field of that page, signed,
goes along with every step of signing in, and is then sent by its owner to where it was meant to go, as if he had
pressed Save again. That he wants it is sure twice: the post came from one of our own pages, and he presses a button.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.text import capfirst

from helpdesk.web.origin import surely_from_our_pages
from helpdesk.web.urls import STAFF_PREFIX

_SALT = "helpdesk.accounts.pending_form"

# Fields with these in their names never wait anywhere.
_SECRET = ("password", "code")

# What the browser adds by itself.
_OURS = ("csrfmiddlewaretoken",)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a form was sent to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]
    with_files: bool = False

    def signed(self) -> str:
        """The form as one text that nobody else can make."""
        return signing.dumps([self.path, self.fields, self.with_files], salt=_SALT, compress=True)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What a person wrote in words, under the names of the fields: to be copied, should all else fail."""
        in_words = ((name, value) for name, value in self.fields if " " in value.strip())
        return [(capfirst(name.replace("_", " ")), value) for name, value in in_words]


def read(signed: str) -> Kept | None:
    """The form in a signed text; None for nothing, and for what we did not make."""
    if not signed:
        return None
    try:
        path, fields, with_files = signing.loads(signed, salt=_SALT)
    except signing.BadSignature:
        return None
    return Kept(path, tuple((name, value) for name, value in fields), with_files)


def of_request(request: HttpRequest) -> Kept | None:
    """What this post brought, when it is a form that a person sent from one of our pages; else None."""
    if not _is_form_of_ours(request):
        return None
    fields = tuple((name, value) for name, values in request.POST.lists() if name not in _OURS for value in values)
    if any(secret in name.lower() for name, _ in fields for secret in _SECRET):
        return None
    return Kept(request.get_full_path(), fields, bool(request.FILES))


def _is_form_of_ours(request: HttpRequest) -> bool:
    # A script that posts (the preview beside a field) asks again by itself, and needs no page.
    by_person = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    return request.method == "POST" and by_person and surely_from_our_pages(request)


def send_again_page(request: HttpRequest, form: Kept, *, first: str = "", first_text: str = "") -> HttpResponse:
    """The page with one button that sends the form; `first` is the address of what has to be done before."""
    context: dict[str, Any] = {"kept": form, "first": first, "first_text": first_text}
    response = render(request, "accounts/send_again.html", context, status=403 if first else 200)
    add_never_cache_headers(response)
    return response


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form is answered whose token does not fit (Django's `CSRF_FAILURE_VIEW`).

    Most are the staff's own, opened before they last signed in. Whoever sent one from our own pages gets a new one.
    """
    if not request.path_info.startswith(STAFF_PREFIX) or not _is_form_of_ours(request):
        return render(request, "403.html", status=403)
    from helpdesk.accounts import login_steps

    if _view_name(request.path_info) in login_steps.SIGN_IN_PAGES:
        return login_steps.sign_in_again(request)
    form = of_request(request)
    if form is None:
        return render(request, "403.html", status=403)
    if not request.user.is_authenticated:
        return login_steps.sign_in_page(request, form)
    return send_again_page(request, form)


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def is_address_of_staff(path: str, names: Iterable[str] = ()) -> bool:
    """Whether a path is one of the staff's pages, so that a form may be sent there."""
    return path.startswith(reverse("admin:index")) and (not names or _view_name(path) in names)
