"""Turns what a look-up found out about an old address into the answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from helpdesk.links.lookup import Gone, Moved


class PermanenceMiddleware:
    """`Moved` is answered 301, or 308 to a form so that what was written comes along; `Gone` 410 with a way on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Moved):
            redirect = HttpResponsePermanentRedirect(exception.url)
            if request.method == "POST":
                redirect.status_code = HTTPStatus.PERMANENT_REDIRECT
            return redirect
        if isinstance(exception, Gone):
            return render(request, "410.html", {"record": exception.record}, status=410)
        return None
