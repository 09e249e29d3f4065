"""URLs of the public pages and of their previews, and small helpers for views."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import resolve, reverse

View = Callable[..., HttpResponse]

# The part of the site that is for staff.
STAFF_PREFIX = "/admin/"

# The key in a WSGI environment for the query as it came; the page cache drops parameters that no page knows.
WHOLE_QUERY = "helpdesk.whole_query"

# Headers of browsers that load a page before anybody asked for it.
EARLY_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
EARLY = ("prefetch", "prerender", "preview")

# Parts that need no quoting in an address; anything else is left to Django.
_PLAIN = re.compile(r"[a-z0-9-]+")


def path_of(name: str, *parts: str | int, mount: str | None = None) -> str:
    """Return the path of a public page by its name and the parts of its address, in order.

    As Django's `reverse`, which is called once for each name; its answer is filled in.
    """
    if not all(_PLAIN.fullmatch(str(part)) for part in parts):
        return reverse(f"help:{name}", args=parts, current_app=mount)
    return _form_of(name, len(parts), mount).format(*parts)


@cache
def _form_of(name: str, parts: int, mount: str | None) -> str:
    """Return the path of all pages of this name, "/guides/{0}/{1}/"."""
    signs = [900_000_000 + place for place in range(parts)]  # may stand for a slug as well as for a number
    path = reverse(f"help:{name}", args=signs, current_app=mount)
    for place, sign in enumerate(signs):
        path = path.replace(str(sign), f"{{{place}}}")
    return path


def mount_of(request: Any) -> str | None:
    """Return the URL namespace of the page that was asked for: "help" or "preview"; None without a page."""
    match = getattr(request, "resolver_match", None)
    return getattr(match, "namespace", None)


def address(request: HttpRequest, name: str, *parts: str | int) -> str:
    """Return the path of a public page by its name, or of its preview if the request is for one."""
    return path_of(name, *parts, mount=mount_of(request))


def in_same_mount(request: HttpRequest, path: str) -> str:
    """Return the path of a public page, or of its preview if the request is for one."""
    match = resolve(path)
    named: Any = match
    return address(request, named.url_name or "", *named.captured_kwargs.values())


def same_page(request: HttpRequest, **slugs: Any) -> str:
    """Return the address of the page that was asked for, with other slugs and the query as it came."""
    match = resolve(request.path_info)
    path = reverse(match.view_name, kwargs={**match.kwargs, **slugs})
    query = request.META.get(WHOLE_QUERY, request.META.get("QUERY_STRING", ""))
    return f"{path}?{query}" if query else path


def whole_address(request: HttpRequest, path: str) -> str:
    """Return the URL of a path: at the host that visitors know, else at the one that this request came to."""
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


def is_early(request: HttpRequest) -> bool:
    """Return whether a browser prefetches the page, before its reader asks for it."""
    purposes = " ".join(request.headers.get(name, "") for name in EARLY_HEADERS).lower()
    return any(word in purposes for word in EARLY)


class SeeOther(HttpResponseRedirect):
    """A 303: the form has been taken, and what comes next is at this address."""

    status_code = 303


def by_method(*, get: View, post: View) -> View:
    """Return a view that passes GET and HEAD to one view, POST to another, and answers 405 to the rest."""

    def dispatch(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return post(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return get(request, *args, **kwargs)
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

    # The forms of public pages carry no token: their views look at where a post comes from instead.
    dispatch.csrf_exempt = getattr(post, "csrf_exempt", False)  # type: ignore[attr-defined]
    return dispatch
