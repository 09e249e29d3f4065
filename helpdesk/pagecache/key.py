"""The keys of cached pages: which requests ask for a page that is the same for everybody, and for which one."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

Environ = dict[str, Any]

# The pages that depend on nothing but address and content. A page that counts, finds or remembers something is not one.
PAGES = re.compile(
    r"/(?:contact/|faq/(?:[a-z0-9-]+/){0,2}|guides/(?:[a-z0-9-]+/){1,4}|feed/|sitemap\.xml|robots\.txt)?\Z"
)
# The parameters that such a page may depend on. Others neither make an entry of their own nor reach the page.
PARAMETERS = ("no", "skip", "by", "sent")
# No page of the portal has a longer address.
LONGEST_ADDRESS = 1_000


class PageKey(NamedTuple):
    """The key of a cached page. A process speaks one language, so the language is no part of it."""

    scheme: str
    host: str
    path: str
    query: str


def key_of(environ: Environ, trusts_proxy: bool) -> PageKey | None:
    """Return the key of the page that is asked for, in normal form; None where the answer cannot be such a page."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST_ADDRESS or not PAGES.match(path):
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
