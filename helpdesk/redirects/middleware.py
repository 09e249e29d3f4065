"""Middleware that answers for addresses without a page: moved, gone, redirected by staff, or not found."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string

from helpdesk.addresses.former import Gone, MarkedGone, Moved, Renamed
from helpdesk.redirects.lookup import follow_redirects
from helpdesk.redirects.not_found_log import log_not_found
from helpdesk.web.urls import STAFF_PREFIX, SeeOther, same_page

logger = logging.getLogger(__name__)

NOT_FOUND = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)

# Staff can end a redirect, so that no cache may keep one for long.
CACHE_CONTROL = "max-age=3600"


class NotFoundPending(HttpResponse):
    """Answer 404 without its page, which costs more than the lookup of a redirect."""

    status_code = HTTPStatus.NOT_FOUND


class PermanenceMiddleware:
    """Middleware that answers `Moved` with 301 (308 for a form, so that its data comes along) and `Gone` with 410.

    Where the answer is 404 or 410, the redirects of staff decide. So they never hide a page, and a page costs no
    lookup. A form that is redirected to another page is answered 303: its data belongs to no other page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in NOT_FOUND or request.path_info.startswith(STAFF_PREFIX):
            return response
        try:
            follow_redirects(request.path_info)
        except Moved as moved:
            return moved_response(request, moved)
        except MarkedGone as gone:
            return response if response.status_code == HTTPStatus.GONE else gone_page(request, gone)
        except Gone as gone:
            if response.status_code != HTTPStatus.GONE:
                response = gone_page(request, gone)
        except DatabaseError as error:
            logger.warning("Redirects could not be looked up: %s", type(error).__name__)
            return with_page(request, response)
        log_not_found(request, response.status_code)
        return with_page(request, response)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Renamed):
            exception = Moved(same_page(request, **exception.slugs))
        if isinstance(exception, Moved):
            return moved_response(request, exception)
        if isinstance(exception, Gone):
            return gone_page(request, exception)
        return None


def moved_response(request: HttpRequest, moved: Moved) -> HttpResponse:
    """Return 301 to the page; for a form 308, or 303 where it would be another page's."""
    if request.method == "POST" and moved.to_another:
        return SeeOther(moved.url)
    redirect = HttpResponsePermanentRedirect(moved.url)
    redirect.headers["Cache-Control"] = CACHE_CONTROL
    if request.method == "POST":
        redirect.status_code = HTTPStatus.PERMANENT_REDIRECT
    return redirect


def with_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer with its page, which is rendered now where it is pending."""
    if isinstance(response, NotFoundPending):
        response.content = render_to_string("404.html", request=request)
        response.headers["Content-Length"] = str(len(response.content))  # a middleware further in said 0
    return response


def gone_page(request: HttpRequest, gone: Gone) -> HttpResponse:
    """Return 410 with links to other pages."""
    return render(request, "410.html", {"record": gone.record}, status=410)
