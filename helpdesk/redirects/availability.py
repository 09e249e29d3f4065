"""Availability of a path for a redirect: whether anything answers there already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext

from helpdesk.addresses.paths import normalize
from helpdesk.addresses.resolver import resolve
from helpdesk.redirects.lookup import redirected_url

# Paths of staff, files and other programs, whatever is there today.
RESERVED_PREFIXES = ("/admin/", "/static/", "/media/", "/api/", "/embed/")


def unavailable_because(path: str) -> str:
    """Return as a sentence why a redirect at this path would never answer; empty where the path is free."""
    if path.startswith((*RESERVED_PREFIXES, settings.STATIC_URL, settings.MEDIA_URL)) or path in fixed_paths():
        return gettext("This address is reserved for the portal, so it can't be redirected.")
    # Without its slash the path may be another one.
    for variant in (path, path.rstrip("/")):
        found = resolve(variant)
        url = found.moved_to or ("" if found.is_answered or not found.owners else redirected_url(found.owners))
        if url:
            text = gettext("This address already redirects to %(path)s because it belongs to that page.")
            return text % {"path": url}
        if found.is_answered:
            return gettext("There's a page at this address. Rename or archive it first, or choose another address.")
    return ""


@cache
def fixed_paths() -> frozenset[str]:
    """Return the paths that the URL configuration names without a parameter, and all that are above them."""
    fixed = {"/"}
    for route in _public_routes(get_resolver().url_patterns):
        literal = "/" + route.partition("<")[0]
        parts = literal.strip("/").split("/")
        fixed.update(normalize(path) for path in accumulate(parts, "{}/{}".format, initial="") if path)
        fixed.add(literal)
    return frozenset(fixed)


def _public_routes(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith("admin/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _public_routes(pattern.url_patterns, route)
        else:
            yield route
