"""What is answered while the database is away, locked, full or for reading only: 503, and what was written given back.

Nothing is half written then, since every write is in a transaction. All works again when the database does; nobody has
to do anything.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import sys
from collections.abc import Callable
from time import monotonic

from django.db import Error as DatabaseTrouble
from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from helpdesk.accounts import pending_form
from helpdesk.web.timeouts import log_throttled
from helpdesk.web.urls import STAFF_PREFIX

# Seconds after which it is worth trying again.
RETRY_AFTER = 5

# A connection that cannot be made is waited for. So long, nobody else has to wait for the same.
SECONDS_TO_NEXT_TRY = 1.0

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
_READ_ONLY_TRANSACTION = "25006"  # PostgreSQL's code, from a server that only follows another one

# More than these a visitor's form does not have.
_MOST_FIELDS = 20


class OutageMiddleware:
    """Answers 503 where a page failed because of an outage, and for a moment without trying where nothing connects."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.next_try = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if monotonic() < self.next_try:
            return answer(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an outage; None for everything else, which is a mistake of ours."""
        if not is_outage(error):
            return None
        if isinstance(error, DatabaseTrouble) and connection.connection is None:
            self.next_try = monotonic() + SECONDS_TO_NEXT_TRY
        note(error)
        return answer(request)


def is_outage(error: BaseException | None) -> bool:
    """Whether an error says that the database or the disk cannot do it now, and not that we asked for nonsense."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    cause = getattr(error, "__cause__", None)
    if isinstance(error, InternalError):
        return getattr(cause, "sqlstate", None) == _READ_ONLY_TRANSACTION
    if isinstance(cause, sqlite3.OperationalError):
        # An unknown table or a slip in the language has this code; everything else is the file's or the disk's.
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF != sqlite3.SQLITE_ERROR
    return isinstance(error, OperationalError | InterfaceError)


def is_outage_now() -> bool:
    """The same of the error that is just being answered; notes it in the log."""
    error = sys.exc_info()[1]
    if error is None or not is_outage(error):
        return False
    note(error)
    return True


def note(error: BaseException) -> None:
    """One line a minute, however many are turned away."""
    log_throttled(logging.getLogger(__name__), "Answered 503", error)


def answer(request: HttpRequest) -> HttpResponse:
    """The calm page: without a query, and with everything a form has brought, ready to be sent again."""
    context: dict[str, object] = {"words": request.GET.get("q", "")[:800]}
    template = "503.html"
    if request.path_info.startswith(STAFF_PREFIX):
        if (form := pending_form.sent_by(request)) is not None:
            template, context = "503_staff.html", {"pending_form": form}
    elif request.method == "POST":
        fields = [(name, value) for name, value in request.POST.items() if name != "words"]
        context |= {
            "sent_to": request.get_full_path(),
            "fields": fields[:_MOST_FIELDS],
            "written": request.POST.get("words", ""),
        }
    response = render(request, template, context, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    # Django would log each of them as an error of its own; what is wrong stands in the log once a minute.
    response._has_been_logged = True  # type: ignore[attr-defined]
    add_never_cache_headers(response)
    return response
