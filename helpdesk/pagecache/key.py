"""The keys of cached pages: which requests ask for a page that is the same for everybody, and for which one.

A key holds what the page depends on and nothing else, so that no sender can have the same page rendered and kept twice.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.urls import URLPattern, get_resolver

from helpdesk.content.kinds import page_kinds
from helpdesk.pagecache.hosts import KnownHosts

Environ = dict[str, Any]

# Pages in the namespace "help" that do not depend on address and content alone: a redirect, one visitor's own summary,
# a calendar file that begins now.
NOT_CACHED = ("guides", "handoff", "reminder")
# Cached addresses outside that namespace.
FILES = ("news/", "feed/", "sitemap.xml", "robots.txt")
# The parameters that a page depends on, by its name in the map of the site; all others depend on none. They neither
# make an entry of their own nor reach the page.
_ANSWERS = ("no", "skip", "tried")
PARAMETERS = {
    "none": ("sent",),
    "check": _ANSWERS,
    "fix": _ANSWERS,
    **dict.fromkeys(("symptom", "all", "found", "fixed", "contact"), (*_ANSWERS, "by")),
}
# No page of the portal has a longer address.
LONGEST_ADDRESS = 1_000

# An answer of a walk is the slug of a cause; no other text is one. Its letters may come in another case.
_SLUG = re.compile(r"[A-Za-z0-9_-]+")
# Several, with a comma between them, of which mail programs encode some signs; what else is encoded is no slug.
_READABLE = re.compile(r"(?:[^%]|%[2-7][0-9A-Fa-f])*")


class PageKey(NamedTuple):
    """The key of a cached page. A process speaks one language, so the language is no part of it."""

    scheme: str
    host: str
    path: str
    query: str


@cache
def cacheable_paths() -> re.Pattern[str]:
    """Return the pattern of all paths with a page that is the same for everybody; the map of the site has them.

    The name of the group that matched, without its number, is the page's name.
    """
    _prefix, site = get_resolver().namespace_dict["help"]
    left_out = {*NOT_CACHED, *(kind.short_url_name for kind in page_kinds())}
    pages = [page for page in site.url_patterns if isinstance(page, URLPattern) and page.name not in left_out]
    routes = [(str(page.name), re.escape(str(page.pattern))) for page in pages]
    routes += [("", re.escape(name)) for name in FILES]
    groups = [
        f"(?P<_{number}_{name.replace('-', '_')}>{re.sub('<slug:[a-z]+>', '[a-z0-9-]+', route)})"
        for number, (name, route) in enumerate(routes)
    ]
    return re.compile(f"/(?:{'|'.join(groups)})")


def key_of(environ: Environ, hosts: KnownHosts, trusts_proxy: bool) -> PageKey | None:
    """Return the key of the page that is asked for, in normal form; None where the answer cannot be such a page."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    match = cacheable_paths().fullmatch(path) if len(path) <= LONGEST_ADDRESS else None
    if match is None:
        return None
    if query:
        query = known_part(query, str(match.lastgroup).split("_", 2)[2])
        if len(path) + len(query) > LONGEST_ADDRESS:
            return None
    scheme: str = environ["wsgi.url_scheme"]
    if trusts_proxy:  # read as Django reads it
        proto = str(environ.get("HTTP_X_FORWARDED_PROTO", scheme)).partition(",")[0].strip()
        scheme = "https" if proto == "https" else "http"
    return PageKey(scheme, hosts.normal(environ.get("HTTP_HOST", "")), path, query)


def known_part(query: str, page: str) -> str:
    """Return the parameters of a query that a page depends on, in a fixed order, with the values that it may have."""
    names = PARAMETERS.get(page, ())
    given: dict[str, list[str]] = {}
    for field in query.split("&") if names else ():
        name, _, value = field.partition("=")
        if name in names:
            given.setdefault(name, []).append(value)
    if not given:
        return ""
    parts = [(name, _flag_or_slugs(name, given[name])) for name in names if name in given]
    return "&".join(f"{name}={value}" for name, value in parts if value)


def _flag_or_slugs(name: str, values: list[str]) -> str:
    """Return the value of a parameter in normal form: "1" where it only has to be there, else slugs, each once."""
    if name == "sent":
        return "1"
    texts = [value for value in values if len(value) <= LONGEST_ADDRESS and _READABLE.fullmatch(value)]
    if not texts:
        return ""
    slugs = unquote_plus(",".join(texts)).split(",")
    return ",".join(slug for slug in dict.fromkeys(slugs) if _SLUG.fullmatch(slug))
