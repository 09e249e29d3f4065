"""503 responses while the database is unavailable, locked, full or read-only; forms get their input back.

Nothing is half written then, since every write is in a transaction. The portal recovers with the database.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
from collections.abc import Callable
from time import monotonic

from django.db import Error as DatabaseError
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from helpdesk.accounts import pending_form
from helpdesk.web.timeouts import log_throttled
from helpdesk.web.urls import STAFF_PREFIX

# The Retry-After header, in seconds.
RETRY_AFTER = 5

# A visitor waits for a failing connection; others are answered for so long without another attempt.
SECONDS_BETWEEN_ATTEMPTS = 1.0

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_READ_ONLY_TRANSACTION = "25006"  # PostgreSQL's SQLSTATE, from a standby server

# No form for visitors has more fields.
_MAX_FIELDS = 20


class OutageMiddleware:
    """Answer 503 when a view fails in an outage, and for a moment at once after a failed connection."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.next_attempt = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if monotonic() < self.next_attempt:
            return outage_response(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the response to an outage, or None for every other error, which is a defect."""
        if not is_outage(error):
            return None
        if isinstance(error, DatabaseError) and connection.connection is None:
            self.next_attempt = monotonic() + SECONDS_BETWEEN_ATTEMPTS
        log_outage(error)
        return outage_response(request)


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database or the disk is unavailable; a wrong statement of ours is no outage."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    cause = getattr(error, "__cause__", None)
    if isinstance(error, InternalError):
        return getattr(cause, "sqlstate", None) == _READ_ONLY_TRANSACTION
    if isinstance(cause, sqlite3.OperationalError):
        # SQLITE_ERROR is a wrong statement; every other code is the file's or the disk's.
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError)


def is_outage_now() -> bool:
    """Return whether the exception being handled is an outage, and log it if so."""
    error = sys.exc_info()[1]
    if error is None or not is_outage(error):
        return False
    log_outage(error)
    return True


def log_outage(error: BaseException) -> None:
    """Log at most one line a minute, however many requests fail."""
    log_throttled(logging.getLogger(__name__), "Answered 503", error)


def outage_response(request: HttpRequest) -> HttpResponse:
    """Render the page without a query, with everything that a form has sent, ready to be sent again."""
    context: dict[str, object] = {"words": request.GET.get("q", "")[:800]}
    template = "503.html"
    if request.path_info.startswith(STAFF_PREFIX):
        if (form := pending_form.sent_by(request)) is not None:
            template, context = "503_staff.html", {"pending_form": form}
    elif request.method == "POST":
        fields = [(name, value) for name, value in request.POST.items() if name != "words"]
        context |= {
            "sent_to": request.get_full_path(),
            "fields": fields[:_MAX_FIELDS],
            "written": request.POST.get("words", ""),
        }
    request.asks_no_database = True  # type: ignore[attr-defined]
    response = render(request, template, context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    # Django would log each of them as an error; the outage is in the log once a minute.
    response._has_been_logged = True  # type: ignore[attr-defined]
    add_never_cache_headers(response)
    return response
