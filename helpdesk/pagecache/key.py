"""The keys of cached pages: which requests ask for a page that is the same for everybody, and for which one."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from django.urls import URLPattern, get_resolver

from helpdesk.content.kinds import page_kinds

Environ = dict[str, Any]

# Pages in the namespace "help" that do not depend on address and content alone: a redirect, one visitor's own summary,
# a calendar file that begins now.
NOT_CACHED = ("guides", "handoff", "reminder")
# Cached addresses outside that namespace.
FILES = ("news/", "feed/", "sitemap.xml", "robots.txt")
# The parameters that such a page may depend on. Others neither make an entry of their own nor reach the page.
PARAMETERS = ("no", "skip", "tried", "by", "sent")
# No page of the portal has a longer address.
LONGEST_ADDRESS = 1_000


class PageKey(NamedTuple):
    """The key of a cached page. A process speaks one language, so the language is no part of it."""

    scheme: str
    host: str
    path: str
    query: str


@cache
def cacheable_paths() -> re.Pattern[str]:
    """Return the pattern of all paths with a page that is the same for everybody; the map of the site has them."""
    _prefix, site = get_resolver().namespace_dict["help"]
    left_out = {*NOT_CACHED, *(kind.short_url_name for kind in page_kinds())}
    pages = [page for page in site.url_patterns if isinstance(page, URLPattern) and page.name not in left_out]
    routes = [re.escape(str(page.pattern)) for page in pages] + [re.escape(name) for name in FILES]
    return re.compile(f"/(?:{'|'.join(re.sub('<slug:[a-z]+>', '[a-z0-9-]+', route) for route in routes)})")


def key_of(environ: Environ, trusts_proxy: bool) -> PageKey | None:
    """Return the key of the page that is asked for, in normal form; None where the answer cannot be such a page."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST_ADDRESS or not cacheable_paths().fullmatch(path):
        return None
    scheme: str = environ["wsgi.url_scheme"]
    if trusts_proxy:
        scheme = str(environ.get("HTTP_X_FORWARDED_PROTO", scheme)).strip().lower()
    return PageKey(scheme, environ.get("HTTP_HOST", ""), path, known_part(query) if query else "")


def known_part(query: str) -> str:
    """Return the parameters of a query that a page may depend on, in the order given."""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        return query
    return urlencode([(name, value) for name, value in given if name in PARAMETERS], safe=",")
