"""Whether something answers at an address already, so that a redirect there would never be seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import Resolver404, get_resolver, resolve
from django.utils.translation import gettext as _

from helpdesk.addresses.former import Gone, Moved, Renamed
from helpdesk.addresses.paths import normal
from helpdesk.web.urls import same_page

# Addresses that staff and files have to themselves, whatever is there today.
KEPT = ("/admin/", "/static/", "/media/", "/api/", "/embed/")


def taken_because(path: str) -> str:
    """Why a redirect at this path would never answer, as a sentence; empty where the address is free.

    For an address that a page may have, the site itself is asked, so that this is always in step with it.
    """
    if path.startswith((*KEPT, settings.STATIC_URL, settings.MEDIA_URL)) or path in fixed_paths():
        return _("The portal itself needs this address, so it cannot be led anywhere else.")
    # Without its slash the address may be another one.
    for variant in (path, path.rstrip("/")):
        try:
            answer(variant)
        except Moved as moved:
            return _("This address leads to %(path)s already, since it belongs to that page.") % {"path": moved.url}
        except (Http404, Gone):
            continue
        return _("There is a page at this address now. Rename or archive it first, or choose another address.")
    return ""


def answer(path: str) -> Any:
    """What a visitor is answered at this address now, before any redirect. Raises Http404, Moved, Gone."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    host = urlsplit(settings.PUBLIC_URL).netloc or settings.ALLOWED_HOSTS[0].strip("*.") or "localhost"
    request.META = {"SERVER_NAME": host, "SERVER_PORT": "80"}
    try:
        match = resolve(path)
    except Resolver404:
        raise Http404 from None
    request.resolver_match = match
    try:
        return match.func(request, *match.args, **match.kwargs)
    except Renamed as renamed:
        raise Moved(same_page(request, **renamed.slugs)) from None


@cache
def fixed_paths() -> frozenset[str]:
    """The paths that the map of the site names without a blank to fill in, and all that they stand below."""
    fixed = {"/"}
    for route in routes(get_resolver().url_patterns):
        literal = "/" + route.partition("<")[0]
        parts = literal.strip("/").split("/")
        fixed.update(normal(path) for path in accumulate(parts, "{}/{}".format, initial="") if path)
        fixed.add(literal)
    return frozenset(fixed)


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    """The routes of the public part of the site."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith("admin/"):
            continue
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route
