"""The login steps, from a name and a password to the page that was asked for.

1. Name and password.
2. A code, for staff with a second factor.
3. A password of one's own, for staff with a first password from an administrator.
4. A second factor, where REQUIRE_2FA is on.

Until all are taken no other page under /admin/ opens: `middleware.StaffAccessMiddleware` asks here.
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
from django.utils.translation import gettext_lazy as _

from helpdesk.accounts import pending_form, second_factor
from helpdesk.accounts.forms import SignInForm
from helpdesk.accounts.models import account_of

SIGN_IN_PAGES = ("admin:login", "admin:login-code")
# Open to everybody: each of these views checks by itself.
OPEN_PAGES = (*SIGN_IN_PAGES, "admin:logout")
PASSWORD_PAGES = ("admin:password_change", "admin:password_change_done")
FACTOR_PAGES = ("admin:second-factor", "admin:second-factor-set-up")

_STEP_LABELS = {
    "admin:password_change": _("Choose your own password"),
    "admin:login-code": _("Enter the code from your app"),
    "admin:second-factor": _("Set up two-factor authentication"),
}


def next_step(request: HttpRequest) -> tuple[str, tuple[str, ...]] | None:
    """Return the page of the next login step of a signed-in user, and the pages that are open until it is taken."""
    user: Any = request.user
    if account_of(user).must_set_password:
        return "admin:password_change", PASSWORD_PAGES
    if settings.REQUIRE_2FA and not user.is_verified():
        if second_factor.confirmed_device(user):
            return "admin:login-code", SIGN_IN_PAGES
        return "admin:second-factor", (*FACTOR_PAGES, *PASSWORD_PAGES)
    return None


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer an anonymous request: redirect to the sign-in page, or render it with the form that was sent."""
    form = pending_form.sent_by(request)
    if form is not None:
        return sign_in_page(request, form)
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def ask_for_step(request: HttpRequest, step: str) -> HttpResponse:
    """Answer a request of a user who has a step to take first."""
    form = pending_form.sent_by(request)
    if form is not None:
        return pending_form.send_again_page(request, form, first=reverse(step), first_text=str(_STEP_LABELS[step]))
    return HttpResponseRedirect(reverse(step))


def sign_in_page(
    request: HttpRequest,
    form: pending_form.PendingForm | None = None,
    *,
    sign_in: SignInForm | None = None,
    status: int = 0,
) -> HttpResponse:
    """Render the form for name and password. 403 when it takes the place of the page that was asked for."""
    context = {
        "form": sign_in or SignInForm(request),
        "pending_form": form.signed() if form else "",
        "next": form.path if form else destination(request),
    }
    response = render(request, "accounts/sign_in.html", context, status=status or (403 if form else 200))
    add_never_cache_headers(response)
    return response


def destination(request: HttpRequest) -> str:
    """Return the staff page that was asked for, whatever an address says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if own and pending_form.is_staff_address(wanted) else reverse("admin:index")


def finish(request: HttpRequest) -> HttpResponse:
    """Answer the last login step: redirect to the page that was asked for, or show the form that was sent to it."""
    form = pending_form.carried_by(request)
    if form is not None and pending_form.is_staff_address(form.path):
        return pending_form.send_again_page(request, form)
    return HttpResponseRedirect(destination(request))
