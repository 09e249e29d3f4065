"""The answer to a form whose CSRF token is refused (Django's `CSRF_FAILURE_VIEW`).

Most are forms of staff that were opened before the last sign-in. A form from one of our own pages gets a new token.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve

from helpdesk.accounts import login_steps, pending_form
from helpdesk.web.urls import STAFF_PREFIX


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if not request.path_info.startswith(STAFF_PREFIX) or not pending_form.is_own_form(request):
        return render(request, "403.html", status=403)
    if _view_name(request.path_info) in login_steps.SIGN_IN_PAGES:
        return _sign_in_again(request)
    form = pending_form.sent_by(request)
    if form is None:
        return render(request, "403.html", status=403)
    if not request.user.is_authenticated:
        return login_steps.sign_in_page(request, form)
    return pending_form.send_again_page(request, form)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    """Render the sign-in page with a new token; a pending form goes along."""
    form = pending_form.carried_by(request)
    if not request.user.is_authenticated or login_steps.next_step(request) is not None:
        return login_steps.sign_in_page(request, form, status=403)
    if form is None:
        return HttpResponseRedirect(login_steps.destination(request))
    return pending_form.send_again_page(request, form)


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
