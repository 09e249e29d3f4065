"""Addresses of the portal as people paste them: out of a mail, a ticket, a sentence. Pure."""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.http import QueryDict

# More than this of a text is not looked at; no page of the portal has a longer address.
LONGEST = 2_000

# Signs around an address or a number that belong to the sentence, not to it. "#" is one of a number, "/" of a path.
_OPENING, _CLOSING = "([{<\"'“‘«*_ ", ")]}>\"'”’»*_.,;:!? "

# With the pages of the admin that show the same: previews, and links for tickets.
_PAGE = re.compile(
    r"(?P<path>/(?:guides|faq|[a-z](?=/\d)|admin/tickets(?=/\d))/[^\s?#<>\"]*)(?:\?(?P<query>[^\s#<>\"]*))?",
    re.IGNORECASE,
)


class PastedAddress(NamedTuple):
    """Path of a public page as it was pasted, and the parameters after it."""

    path: str
    parameters: QueryDict


def bare(typed: str) -> str:
    """Return the text without the signs that a sentence puts around a number or an address: "(1042)." is "1042"."""
    return typed.strip().lstrip(_OPENING).rstrip(_CLOSING)


def pasted_address(text: str) -> PastedAddress | None:
    """Return the first address of a public page in the text; None where there is none.

    With or without host, in upper or lower case, with "&amp;" as mail programs write it, in brackets, at the end of a
    sentence.
    """
    found = _PAGE.search(bare(html.unescape(text[:LONGEST])))
    if found is None:
        return None
    path, query = found["path"], found["query"]
    if query is None:
        path = bare(path)
    # Slugs are in lower case, and so is all that the parameters of a walk hold.
    return PastedAddress(unquote(path).lower(), QueryDict(bare(query or "").lower()))


def path_of(typed: str) -> str:
    """Return the path of an address with or without its host; empty for any other text."""
    address = bare(typed)
    if not address.lower().startswith(("/", "http://", "https://")):
        return ""
    try:
        return unquote(urlsplit(html.unescape(address)).path)
    except ValueError:  # "[" without "]"
        return ""
