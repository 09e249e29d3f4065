"""The pages of one's own account: role, password, second factor, sessions."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts import events, sessions, throttling
from helpdesk.accounts import second_factor as factors
from helpdesk.accounts.forms import WRONG_CODE, CodeForm, ConfirmForm
from helpdesk.accounts.models import EventKind, signed_in
from helpdesk.accounts.second_factor import in_groups
from helpdesk.permissions import roles
from helpdesk.web.qr import qr_code


def _page(request: HttpRequest, template: str, title: str, **context: object) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "accounts/account.html",
        gettext("Your account"),
        role=roles.role_label(signed_in(request)),
        factor=factors.confirmed_device(signed_in(request)),
        codes_left=factors.recovery_codes_left(signed_in(request)),
        hours=settings.SESSION_COOKIE_AGE // 3600,
        minutes=settings.SESSION_IDLE_AGE // 60,
    )


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all of the user's sessions but this one."""
    sessions.end_all(signed_in(request), but=request)
    events.log_event(request, EventKind.SESSIONS_ENDED, signed_in(request))
    messages.success(request, gettext("You're logged out everywhere else."))
    return HttpResponseRedirect(reverse("admin:account"))


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The state of the second factor; a post starts to set one up."""
    if request.method == "POST":
        if factors.confirmed_device(signed_in(request)) is not None:
            # Anybody at an open browser could otherwise put another telephone in the owner's place.
            messages.warning(
                request, gettext("Two-factor authentication is already on. Turn it off first to set up another app.")
            )
            return HttpResponseRedirect(reverse("admin:second-factor"))
        factors.start_setup(signed_in(request))
        return HttpResponseRedirect(reverse("admin:second-factor-set-up"))
    return _factor_page(request, ConfirmForm())


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The secret as a QR code and in letters, and a form for the first code of the app."""
    device = factors.unconfirmed_device(signed_in(request))
    if device is None or factors.confirmed_device(signed_in(request)) is not None:
        return HttpResponseRedirect(reverse("admin:second-factor"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factors.confirm(device, form.cleaned_data["code"]):
            return _codes_page(request, _complete_setup(request, device))
        form.add_error("code", gettext("That code isn't valid. Wait for the next code in your app and enter it."))
    return _page(
        request,
        "accounts/set_up.html",
        gettext("Set up two-factor authentication"),
        form=form,
        picture=qr_code(device.config_url),
        secret=in_groups(device.bin_key),
        account_name=signed_in(request).get_username(),
        issuer=settings.OTP_TOTP_ISSUER,
    )


def _complete_setup(request: HttpRequest, device: TOTPDevice) -> list[str]:
    """Mark this session as verified, end all others, and return the recovery codes."""
    otp_login(request, device)
    sessions.end_all(signed_in(request), but=request)
    events.log_event(request, EventKind.FACTOR_ADDED, signed_in(request))
    return factors.new_recovery_codes(signed_in(request))


@sensitive_post_parameters("code", "password")
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    form = _confirmed(request)
    if form.errors:
        return _not_confirmed(request, form)
    codes = factors.new_recovery_codes(signed_in(request))
    events.log_event(request, EventKind.CODES_MADE, signed_in(request))
    return _codes_page(request, codes)


@sensitive_post_parameters("code", "password")
@require_POST
def remove_factor(request: HttpRequest) -> HttpResponse:
    form = _confirmed(request)
    if form.errors:
        return _not_confirmed(request, form)
    factors.remove(signed_in(request))
    events.log_event(request, EventKind.FACTOR_REMOVED, signed_in(request))
    messages.success(request, gettext("Two-factor authentication is off. You can now log in with just your password."))
    return HttpResponseRedirect(reverse("admin:second-factor"))


def _confirmed(request: HttpRequest) -> ConfirmForm:
    """Return the form, with errors unless password and code are right. Wrong ones count as failed sign-ins."""
    if factors.confirmed_device(signed_in(request)) is None:
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return form
    if not throttling.check_password(request, signed_in(request), form.cleaned_data["password"]):
        form.add_error("password", gettext("Wrong password. Try again."))
    elif factors.verify(signed_in(request), form.cleaned_data["code"]) is None:
        throttling.count_wrong_code(request, signed_in(request))
        form.add_error("code", WRONG_CODE)
    return form


def _not_confirmed(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    name = signed_in(request).get_username()
    if throttling.is_locked_out(request, name):
        return throttling.wait_page(request, name)
    return _factor_page(request, form)


def _factor_page(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    """Render the state of the second factor. Two queries."""
    return _page(
        request,
        "accounts/second_factor.html",
        gettext("Two-factor authentication"),
        factor=factors.confirmed_device(signed_in(request)),
        codes_left=factors.recovery_codes_left(signed_in(request)),
        required=settings.REQUIRE_2FA,
        form=form,
    )


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """Show the recovery codes, this once."""
    return _page(request, "accounts/recovery_codes.html", gettext("Your recovery codes"), codes=codes)
