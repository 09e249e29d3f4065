"""Who comes in: the steps from a name and a password to the page that was asked for.

1. Name and password.
2. A code, for those who have a second factor.
3. A password of one's own, for those who have one that somebody gave them.
4. A second factor, where REQUIRE_2FA is on.

Until all are taken no other page under /admin/ opens, whatever it is: helpdesk/accounts/middleware.py asks here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from helpdesk.accounts import pending_form, second_factor
from helpdesk.accounts.forms import SignInForm
from helpdesk.accounts.models import account_of

SIGN_IN_PAGES = ("admin:login", "admin:login-code")
# Open to everybody: each knows what to do with whoever comes.
OPEN = (*SIGN_IN_PAGES, "admin:logout")
OWN_PASSWORD = ("admin:password_change", "admin:password_change_done")
OWN_FACTOR = ("admin:second-factor", "admin:second-factor-set-up")


def next_step(request: HttpRequest) -> tuple[str, tuple[str, ...]] | None:
    """What a signed-in member of staff has to do before anything else, and the pages that are open until then."""
    user: Any = request.user
    if account_of(user).must_set_password:
        return "admin:password_change", OWN_PASSWORD
    if settings.REQUIRE_2FA and not user.is_verified():
        if second_factor.of(user):
            return "admin:login-code", SIGN_IN_PAGES
        return "admin:second-factor", (*OWN_FACTOR, *OWN_PASSWORD)
    return None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The answer to somebody who is not signed in: the way to the sign-in page, or that page with what he sent."""
    form = pending_form.of_request(request)
    if form is not None:
        return sign_in_page(request, form)
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def ask_for_step(request: HttpRequest, step: str) -> HttpResponse:
    """The answer to somebody who has a step to take first."""
    form = pending_form.of_request(request)
    if form is not None:
        return pending_form.send_again_page(request, form, first=reverse(step), first_text=_STEPS[step]())
    return HttpResponseRedirect(reverse(step))


_STEPS = {
    "admin:password_change": lambda: _("Choose a password of your own"),
    "admin:login-code": lambda: _("Give the code of your app"),
    "admin:second-factor": lambda: _("Set up a second factor"),
}


def sign_in_page(
    request: HttpRequest, form: pending_form.Kept | None = None, *, sign_in: SignInForm | None = None, status: int = 0
) -> HttpResponse:
    """The page with the form for name and password. 403 when it stands in the place of what was asked for."""
    context = {
        "form": sign_in or SignInForm(request),
        "kept": form.signed() if form else "",
        "next": form.path if form else destination(request),
    }
    response = render(request, "accounts/sign_in.html", context, status=status or (403 if form else 200))
    add_never_cache_headers(response)
    return response


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """The sign-in page anew, for a form of it whose token was too old; what waits goes along."""
    if request.user.is_authenticated and next_step(request) is None:
        form = pending_form.read(request.POST.get("kept", ""))
        return pending_form.send_again_page(request, form) if form else HttpResponseRedirect(destination(request))
    return sign_in_page(request, pending_form.read(request.POST.get("kept", "")), status=403)


def destination(request: HttpRequest) -> str:
    """Where the person wanted to go: one of the staff's own pages, whatever an address says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own and pending_form.is_address_of_staff(wanted) else reverse("admin:index")


def arrived(request: HttpRequest) -> HttpResponse:
    """The answer once somebody is in: the page he asked for, or what he had sent to it."""
    form = pending_form.read(request.POST.get("kept", ""))
    if form is not None and pending_form.is_address_of_staff(form.path):
        return pending_form.send_again_page(request, form)
    return HttpResponseRedirect(destination(request))
