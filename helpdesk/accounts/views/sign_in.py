"""Name and password, then a code for those who have a second factor."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from helpdesk.accounts import events, login_steps, pending_form, second_factor, throttling
from helpdesk.accounts.forms import CodeForm, SignInForm, as_name

BACKEND = "helpdesk.accounts.backend.StaffBackend"

# In the session, between the two steps: whose password was right, which one, and when.
_HALF = "half-signed-in"
_HALF_LASTS = 10 * 60


@sensitive_post_parameters("password", "kept")
@csrf_protect
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step. Who is signed in already goes on to where he wanted."""
    if request.method != "POST":
        if _is_staff(request) and login_steps.next_step(request) is None:
            return HttpResponseRedirect(login_steps.destination(request))
        return login_steps.sign_in_page(request)
    name = as_name(request.POST.get("username", ""))
    if throttling.must_wait(request, name):
        return throttling.wait_page(request, name)
    form = SignInForm(request, request.POST)
    if form.is_valid():
        return _password_was_right(request, form.user)
    if getattr(request, "axes_locked_out", False):
        return throttling.wait_page(request, name)
    return login_steps.sign_in_page(request, pending_form.read(request.POST.get("kept", "")), sign_in=form, status=200)


def _is_staff(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_active and user.is_staff


def _password_was_right(request: HttpRequest, user: Any) -> HttpResponse:
    if second_factor.of(user) is None:
        login(request, user, backend=BACKEND)
        return login_steps.arrived(request)
    request.session.cycle_key()
    now = timezone.now().timestamp()
    request.session[_HALF] = [user.pk, user.get_session_auth_hash(), now]
    return _code_page(request, CodeForm())


@sensitive_post_parameters("code", "kept")
@csrf_protect
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step: for who has just given his password, or is signed in without a code and now needs one."""
    user = _half_signed_in(request)
    if user is None:
        return login_steps.sign_in_page(request, pending_form.read(request.POST.get("kept", "")), status=200)
    if request.method != "POST":
        return _code_page(request, CodeForm())
    if throttling.must_wait(request, user.get_username()):
        return throttling.wait_page(request, user.get_username())
    form = CodeForm(request.POST)
    if form.is_valid():
        device = second_factor.verify(user, form.cleaned_data["code"])
        if device is not None:
            return _code_was_right(request, user, device, form.cleaned_data["code"])
        throttling.count_wrong_code(request, user)
        if getattr(request, "axes_locked_out", False):
            return throttling.wait_page(request, user.get_username())
        form.add_error(
            "code", _("This code is not the right one now. Wait for the next one in your app, and type that.")
        )
    return _code_page(request, form)


def _half_signed_in(request: HttpRequest) -> Any:
    """Whose password was right a moment ago; None when nobody's was, or when things have changed since."""
    if _is_staff(request):
        return request.user if second_factor.of(request.user) and not request.user.is_verified() else None  # type: ignore[union-attr]
    pk, password, since = request.session.get(_HALF, (None, "", 0))
    if pk is None or timezone.now().timestamp() - since > _HALF_LASTS:
        return None
    user: Any = get_user_model()._default_manager.filter(pk=pk, is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(password, user.get_session_auth_hash()) else None


def _code_was_right(request: HttpRequest, user: Any, device: Any, code: str) -> HttpResponse:
    request.session.pop(_HALF, None)
    user.otp_device = device  # django-otp notes it in the session
    login(request, user, backend=BACKEND)
    if second_factor.is_recovery_code(code):
        left = second_factor.recovery_codes_left(user)
        events.note(request, events.Kind.CODE_USED, user, detail=_("%(left)s left") % {"left": left})
    return login_steps.arrived(request)


def _code_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    waiting = pending_form.read(request.POST.get("kept", ""))
    context = {
        "form": form,
        "kept": waiting.signed() if waiting else "",
        "next": login_steps.destination(request),
        "start_over": reverse("admin:login"),
    }
    return render(request, "accounts/code.html", context)
