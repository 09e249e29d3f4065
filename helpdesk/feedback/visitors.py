"""Protection of public posts: same-origin check, rate limit, and a daily pseudonym of each visitor."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from hashlib import sha256

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

# Posts of one visitor per minute and allowance: far above normal use, far below a flood.
POSTS_A_MINUTE = 40
WINDOW = 60

# Milliseconds a post waits for a lock; then the visitor gets it back to send it again (operations/outage.py).
# With a longer wait, a few posts would occupy every thread and block readers.
LOCK_TIMEOUT_OF_POSTS = 2_000


def today() -> date:
    """Return the current day in UTC, the same on every server."""
    return timezone.now().date()


def visitor_mark(request: HttpRequest) -> str:
    """Return a pseudonym of 32 hexadecimal digits for a visitor, which changes daily and identifies no person."""
    who = f"{today()}|{client_address(request)}|{request.headers.get('User-Agent', '')}"
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(errors="replace"), sha256).hexdigest()[:32]


def too_many(mark: str, allowance: str = "posts") -> bool:
    """Count a post of this visitor, and return whether the current minute exceeds the limit.

    Each allowance has its own count, so that automatic requests of a page never use up a visitor's answers. Fixed
    windows in the shared cache: two or three queries with the database cache. While Redis is unavailable, posts are
    accepted without a count: losing a post is worse than missing a limit.
    """
    try:
        with short_lock_timeout():
            return _count(mark, allowance)
    except DatabaseError:  # then the post cannot be stored either
        raise
    except Exception as error:  # each cache backend raises its own errors
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
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not is_same_site(request):
            return render(request, "403.html", status=403)
        if too_many(visitor_mark(request), allowance):
            response = render(request, "429.html", status=429)
            response.headers["Retry-After"] = str(WINDOW)
            return response
        with short_lock_timeout(LOCK_TIMEOUT_OF_POSTS):
            return view(request, *args, **kwargs)

    return guarded
