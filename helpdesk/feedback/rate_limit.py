"""Rate limit of public posts, counted for each network, and the page that refuses what is over it.

Only what is stored for people to read may be refused. Everything else is not counted then, and the visitor goes on.
"""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from helpdesk.contacts.lookup import all_contacts
from helpdesk.feedback.visitors import pseudonym
from helpdesk.web.origin import client_network
from helpdesk.web.timeouts import log_throttled, short_lock_timeout

logger = logging.getLogger(__name__)

# Posts of one network per minute and allowance: far above normal use, far below a flood.
POSTS_A_MINUTE = 40
WINDOW = 60


def is_over_limit(request: HttpRequest, allowance: str) -> bool:
    """Count a post of this network, and return whether the current minute exceeds the limit.

    A sender can choose another user agent for each post, but no other network. Each allowance has its own count, so
    that automatic requests of a page never use up a visitor's answers. Fixed windows in the shared cache: two or three
    queries with the database cache. While Redis is unavailable, posts are accepted without a count: losing a post is
    worse than missing a limit.
    """
    try:
        with short_lock_timeout():
            return _count(pseudonym(client_network(request)), allowance)
    except DatabaseError:  # then the post cannot be stored either
        raise
    except Exception as error:  # each cache backend raises its own errors
        log_throttled(logger, "Posts are not counted", error)
        return False


def _count(network: str, allowance: str) -> bool:
    key = f"{allowance}:{network}:{int(timezone.now().timestamp()) // WINDOW}"
    if cache.add(key, 1, timeout=2 * WINDOW):
        return False
    try:
        return cache.incr(key) > POSTS_A_MINUTE
    except ValueError:  # the window ended between the two
        return False


def refusal(request: HttpRequest) -> HttpResponse:
    """Return the page for a post over the limit: the way to call, and the form ready to be sent again. Two queries."""
    context = {
        "sent_to": request.get_full_path(),
        "written": request.POST.get("words", ""),
        "contacts": all_contacts(),
    }
    response = render(request, "429.html", context, status=429)
    response.headers["Retry-After"] = str(WINDOW)
    return response
