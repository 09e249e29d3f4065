"""Protection of public posts: same-origin check, short locks, and a daily pseudonym of each visitor."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import date
from functools import wraps
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from helpdesk.web.origin import client_address, is_same_site
from helpdesk.web.timeouts import LOCK_TIMEOUT_OF_POSTS, short_lock_timeout
from helpdesk.web.urls import View


def today() -> date:
    """Return the current day in UTC, the same on every server."""
    return timezone.now().date()


def visitor_mark(request: HttpRequest) -> str:
    """Return a pseudonym of 32 hexadecimal digits for a visitor, which changes daily and identifies no person."""
    return pseudonym(f"{client_address(request)}|{request.headers.get('User-Agent', '')}")


def pseudonym(sender: str) -> str:
    """Return 32 hexadecimal digits, always the same for a sender on one day, and never to be traced back."""
    who = f"{today()}|{sender}"
    return hmac.new(settings.SECRET_KEY.encode(), who.encode(errors="replace"), sha256).hexdigest()[:32]


def public_post(view: Callable[..., HttpResponse]) -> View:
    """Decorate the view of a public form: no cookie and no token, but a same-origin check.

    The view asks for the rate limit itself (`rate_limit.is_over_limit`), as it knows what may be refused.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not is_same_site(request):
            return render(request, "403.html", status=403)
        with short_lock_timeout(LOCK_TIMEOUT_OF_POSTS):
            return view(request, *args, **kwargs)

    return guarded
