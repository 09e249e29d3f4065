"""The views of the first two login steps: name and password, then a code where there is a second factor."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from helpdesk.accounts import events, login_steps, pending_form, second_factor, throttling
from helpdesk.accounts.forms import WRONG_CODE, CodeForm, SignInForm, normalized_username
from helpdesk.accounts.models import EventKind
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.web.timeouts import LOCK_TIMEOUT_OF_POSTS, short_lock_timeout

BACKEND = "helpdesk.accounts.backend.StaffBackend"

RECOVERY_CODES_LEFT = CodedText("recovery-codes-left", gettext_lazy("%(left)s left"))

# Session key between the two steps: key of the user, hash of the password, and when it was given.
_FIRST_STEP = "half-signed-in"
_FIRST_STEP_SECONDS = 10 * 60


@sensitive_post_parameters("password", "kept")
@csrf_protect
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step; a signed-in user is redirected to the page that was asked for."""
    if request.method != "POST":
        if _is_staff(request) and login_steps.next_step(request) is None:
            return HttpResponseRedirect(login_steps.destination(request))
        return login_steps.sign_in_page(request)
    with short_lock_timeout(LOCK_TIMEOUT_OF_POSTS):  # anybody may send it
        return _take_password(request)


def _take_password(request: HttpRequest) -> HttpResponse:
    name = normalized_username(request.POST.get("username", ""))
    if throttling.is_locked_out(request, name):
        return throttling.wait_page(request, name)
    form = SignInForm(request, request.POST)
    if form.is_valid() and form.user:
        return _finish_first_step(request, form.user)
    if getattr(request, "axes_locked_out", False):
        return throttling.wait_page(request, name)
    return login_steps.sign_in_page(request, pending_form.carried_by(request), sign_in=form, status=200)


def _is_staff(request: HttpRequest) -> bool:
    user: Any = request.user
    return user.is_active and user.is_staff


def _finish_first_step(request: HttpRequest, user: User) -> HttpResponse:
    if second_factor.confirmed_device(user) is None:
        login(request, user, backend=BACKEND)
        return login_steps.finish(request)
    request.session.cycle_key()
    now = timezone.now().timestamp()
    request.session[_FIRST_STEP] = [user.pk, user.get_session_auth_hash(), now]
    return _code_page(request, CodeForm())


@sensitive_post_parameters("code", "kept")
@csrf_protect
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """The second step, for a user who has given the password, or is signed in without a code and now needs one."""
    user = _user_of_first_step(request)
    if user is None:
        return login_steps.sign_in_page(request, pending_form.carried_by(request), status=200)
    if request.method != "POST":
        return _code_page(request, CodeForm())
    if throttling.is_locked_out(request, user.get_username()):
        return throttling.wait_page(request, user.get_username())
    form = CodeForm(request.POST)
    if form.is_valid():
        device = second_factor.verify(user, form.cleaned_data["code"])
        if device is not None:
            return _finish_second_step(request, user, device, form.cleaned_data["code"])
        throttling.count_wrong_code(request, user)
        if getattr(request, "axes_locked_out", False):
            return throttling.wait_page(request, user.get_username())
        form.add_error("code", WRONG_CODE)
    return _code_page(request, form)


def _user_of_first_step(request: HttpRequest) -> Any:
    """Return the user whose password was right a moment ago, unless the account has changed since."""
    user: Any = request.user
    if _is_staff(request):
        return user if second_factor.confirmed_device(user) and not user.is_verified() else None
    pk, password, since = request.session.get(_FIRST_STEP, (None, "", 0))
    if pk is None or timezone.now().timestamp() - since > _FIRST_STEP_SECONDS:
        return None
    user = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    return user if user and constant_time_compare(password, user.get_session_auth_hash()) else None


def _finish_second_step(request: HttpRequest, user: Any, device: Any, code: str) -> HttpResponse:
    request.session.pop(_FIRST_STEP, None)
    user.otp_device = device  # django-otp stores it in the session
    login(request, user, backend=BACKEND)
    if second_factor.is_recovery_code(code):
        left = second_factor.recovery_codes_left(user)
        events.log_event(request, EventKind.CODE_USED, user, detail=RECOVERY_CODES_LEFT.to_json(left=left))
    return login_steps.finish(request)


def _code_page(request: HttpRequest, form: CodeForm) -> HttpResponse:
    form_to_send = pending_form.carried_by(request)
    context = {
        "form": form,
        "pending_form": form_to_send.signed() if form_to_send else "",
        "next": login_steps.destination(request),
        "start_over": reverse("admin:login"),
    }
    return render(request, "accounts/code.html", context)
