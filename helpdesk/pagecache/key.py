"""Which answers are pages for everybody, and what tells two of them apart."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

Environ = dict[str, Any]

# The pages that depend on nothing but address and content. What counts, finds or remembers something is none of them.
PAGES = re.compile(
    r"/(?:contact/|faq/(?:[a-z0-9-]+/){0,2}|guides/(?:[a-z0-9-]+/){1,4}|feed/|sitemap\.xml|robots\.txt)?\Z"
)
# The parameters that such a page may depend on; others neither make a page of their own nor reach one that is kept.
PARAMETERS = ("no", "skip", "by", "sent")
# A longer address is no page of ours.
LONGEST_ADDRESS = 1_000


class Key(NamedTuple):
    """What tells two pages apart. The portal speaks one language in each process, so the language is no part of it."""

    scheme: str
    host: str
    path: str
    query: str


def key_of(environ: Environ, trusts_proxy: bool) -> Key | None:
    """The page that is asked for, in the one form that stands for it; None where no page of ours could be meant."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > LONGEST_ADDRESS or not PAGES.match(path):
        return None
    scheme: str = environ["wsgi.url_scheme"]
    if trusts_proxy:
        scheme = str(environ.get("HTTP_X_FORWARDED_PROTO", scheme)).strip().lower()
    return Key(scheme, environ.get("HTTP_HOST", ""), path, known_part(query) if query else "")


def known_part(query: str) -> str:
    """The parameters of a query that a page may depend on, in order."""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        return query
    return urlencode([(name, value) for name, value in given if name in PARAMETERS], safe=",")
