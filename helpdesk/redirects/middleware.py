"""Turns what was found out about a dead address into the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render

from helpdesk.addresses.former import Gone, LeftGone, Moved, Renamed
from helpdesk.redirects import not_found_log
from helpdesk.redirects.resolver import lead_on
from helpdesk.web.urls import STAFF_PREFIX, SeeOther, same_page

logger = logging.getLogger(__name__)

DEAD = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

# Staff can end a redirect, so nobody remembers one for much longer than it lasts.
REMEMBERED = "max-age=3600"


class PermanenceMiddleware:
    """`Moved` is answered 301, or 308 to a form so that what was written comes along; `Gone` 410 with a way on.

    Where the answer would be that there is nothing, the redirects of staff are asked. So they never hide a page, and a
    page that is there costs no look-up. A form is led to another page with 303: what was written belongs to no other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in DEAD or request.path_info.startswith(STAFF_PREFIX):
            return response
        try:
            lead_on(request.path_info)
        except Moved as moved:
            return elsewhere(request, moved)
        except LeftGone as gone:
            return response if response.status_code == HTTPStatus.GONE else gone_page(request, gone)
        except Gone as gone:
            if response.status_code != HTTPStatus.GONE:
                response = gone_page(request, gone)
        except DatabaseError as error:
            logger.warning("Redirects could not be looked up: %s", type(error).__name__)
            return response
        not_found_log.note(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Renamed):
            exception = Moved(same_page(request, **exception.slugs))
        if isinstance(exception, Moved):
            return elsewhere(request, exception)
        if isinstance(exception, Gone):
            return gone_page(request, exception)
        return None


def elsewhere(request: HttpRequest, moved: Moved) -> HttpResponse:
    """301 to where the page is; for a form 308, or 303 where it would be another page's."""
    if request.method == "POST" and moved.to_another:
        return SeeOther(moved.url)
    redirect = HttpResponsePermanentRedirect(moved.url)
    redirect.headers["Cache-Control"] = REMEMBERED
    if request.method == "POST":
        redirect.status_code = HTTPStatus.PERMANENT_REDIRECT
    return redirect


def gone_page(request: HttpRequest, gone: Gone) -> HttpResponse:
    """410 with a way on."""
    return render(request, "410.html", {"record": gone.record}, status=410)
