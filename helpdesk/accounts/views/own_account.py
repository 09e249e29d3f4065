"""One's own account: what it may do, its password, its second factor, its sessions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as otp_login

from helpdesk.accounts import events, sessions, throttling
from helpdesk.accounts import second_factor as factors
from helpdesk.accounts.forms import CodeForm, ConfirmForm
from helpdesk.accounts.qr import drawn, in_groups
from helpdesk.permissions import roles


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "accounts/account.html",
        _("Your account"),
        role=roles.name_of(request.user),
        factor=factors.of(request.user),
        codes_left=factors.recovery_codes_left(request.user),
        hours=settings.SESSION_COOKIE_AGE // 3600,
        minutes=settings.SESSION_IDLE_AGE // 60,
    )


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends all of the user's sessions but this one."""
    sessions.end_all(request.user, but=request)
    events.note(request, events.Kind.SESSIONS_ENDED, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return HttpResponseRedirect(reverse("admin:account"))


@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """What a second factor is, and whether the user has one; a post begins to set one up."""
    factor = factors.of(request.user)
    if request.method == "POST":
        if factor is not None:
            # Whoever finds an open browser could otherwise put his own telephone in the owner's place.
            messages.warning(request, _("You have a second factor. Remove it first, to set up another app."))
            return HttpResponseRedirect(reverse("admin:second-factor"))
        factors.begin(request.user)
        return HttpResponseRedirect(reverse("admin:second-factor-set-up"))
    return _page(
        request,
        "accounts/second_factor.html",
        _("Second factor"),
        factor=factor,
        codes_left=factors.recovery_codes_left(request.user),
        required=settings.REQUIRE_2FA,
        form=ConfirmForm(),
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The secret as a picture and in letters, and the first code that shows that the app has it."""
    device = factors.begun(request.user)
    if device is None or factors.of(request.user) is not None:
        return HttpResponseRedirect(reverse("admin:second-factor"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if factors.confirm(device, form.cleaned_data["code"]):
            return _codes_page(request, _is_set_up(request, device))
        form.add_error("code", _("This is not the code of the app now. Wait for the next one, and type that."))
    return _page(
        request,
        "accounts/set_up.html",
        _("Set up a second factor"),
        form=form,
        picture=drawn(device.config_url),
        secret=in_groups(device.bin_key),
        account_name=request.user.get_username(),
        issuer=settings.OTP_TOTP_ISSUER,
    )


def _is_set_up(request: HttpRequest, device: Any) -> list[str]:
    """Has this session count as one with a code, ends all others, and comes back with recovery codes."""
    otp_login(request, device)
    sessions.end_all(request.user, but=request)
    events.note(request, events.Kind.FACTOR_ADDED, request.user)
    return factors.new_recovery_codes(request.user)


@sensitive_post_parameters("code", "password")
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    form = _confirmed(request)
    if form.errors:
        return _not_confirmed(request, form)
    codes = factors.new_recovery_codes(request.user)
    events.note(request, events.Kind.CODES_MADE, request.user)
    return _codes_page(request, codes)


@sensitive_post_parameters("code", "password")
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    form = _confirmed(request)
    if form.errors:
        return _not_confirmed(request, form)
    factors.remove(request.user)
    events.note(request, events.Kind.FACTOR_REMOVED, request.user)
    messages.success(request, _("Your second factor is removed. From now on your password is enough to sign in."))
    return HttpResponseRedirect(reverse("admin:second-factor"))


def _confirmed(request: HttpRequest) -> ConfirmForm:
    """The form, with errors unless password and code are right. Wrong ones count as wrong tries to sign in."""
    if factors.of(request.user) is None:
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return form
    if not throttling.password_fits(request, request.user, form.cleaned_data["password"]):
        form.add_error("password", _("This is not your password."))
    elif factors.verify(request.user, form.cleaned_data["code"]) is None:
        throttling.count_wrong_code(request, request.user)
        form.add_error(
            "code", _("This code is not the right one now. Wait for the next one in your app, and type that.")
        )
    return form


def _not_confirmed(request: HttpRequest, form: ConfirmForm) -> HttpResponse:
    name = request.user.get_username()
    if throttling.must_wait(request, name):
        return throttling.wait_page(request, name)
    return _page(
        request,
        "accounts/second_factor.html",
        _("Second factor"),
        factor=factors.of(request.user),
        codes_left=factors.recovery_codes_left(request.user),
        required=settings.REQUIRE_2FA,
        form=form,
    )


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once."""
    return _page(request, "accounts/recovery_codes.html", _("Your recovery codes"), codes=codes)
