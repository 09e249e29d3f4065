"""Protection of public posts: same-origin check, rate limit, and a daily pseudonym of each visitor."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from helpdesk.web.origin import client_address, is_same_site
from helpdesk.web.timeouts import log_throttled, short_lock_timeout
from helpdesk.web.urls import View

logger = logging.getLogger(__name__)

# Posts of one visitor in a minute, for each allowance: far more than anybody answers, far less than a flood.
POSTS_A_MINUTE = 40
WINDOW = 60

# Milliseconds a post waits for another writer; then its visitor gets it back to send it again (operations/outage.py).
# Longer, a few posts would keep every thread, and with it all who only read.
LOCK_TIMEOUT_OF_POSTS = 2_000


def today() -> date:
    """Return the day in UTC, so that it begins at the same moment on every server."""
    return timezone.now().date()


def visitor_mark(request: HttpRequest) -> str:
    """Return 32 hexadecimal digits that tell visitors apart on one day, with no way back to a person.

    The same visitor has another mark on the next day.
    """
    who = f"{today()}|{client_address(request)}|{request.headers.get('User-Agent', '')}"
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(errors="replace"), sha256).hexdigest()[:32]


def too_many(mark: str, allowance: str = "posts") -> bool:
    """Count a post of this visitor, and return whether there are too many of them in the present minute.

    Each allowance is counted on its own, so that what a page does by itself never uses up a visitor's answers.
    Fixed windows in the cache that all processes share: two or three queries with the database cache. Where the cache
    is Redis and away, nobody is counted: a visitor's post is worth more than the count of it.
    """
    try:
        with short_lock_timeout():
            return _count(mark, allowance)
    except DatabaseError:  # then the post cannot be kept either
        raise
    except Exception as error:  # each kind of cache has errors of its own
        log_throttled(logger, "Posts are not counted", error)
        return False


def _count(mark: str, allowance: str) -> bool:
    key = f"{allowance}:{mark}:{int(timezone.now().timestamp()) // WINDOW}"
    if cache.add(key, 1, timeout=2 * WINDOW):
        return False
    try:
        return cache.incr(key) > POSTS_A_MINUTE
    except ValueError:  # the window ended between the two
        return False


def public_post(view: Callable[..., HttpResponse], *, allowance: str = "posts") -> View:
    """Decorate the view of a public form: no cookie and no token, but a same-origin check and a rate limit."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_same_site(request):
            return render(request, "403.html", status=403)
        if too_many(visitor_mark(request), allowance):
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(WINDOW)
            return response
        with short_lock_timeout(LOCK_TIMEOUT_OF_POSTS):
            return view(request, *args, **kwargs)

    return guarded
