"""Links to outside pages in texts: `[any words](outside:key)` in Markdown, a placeholder in rendered HTML.

Rendered texts are kept by a process, and addresses change. So a rendered text has the placeholder, and `fill` puts in
the addresses when a page is finished. Pure: the addresses come from the caller.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape

SCHEME = "outside:"
# Cheap test of whether HTML has any of these links: the sanitizer writes each of them so.
MARK = f'href="{SCHEME}'

_ATTRIBUTES = '(?: [a-z-]+="[^"]*")*'
_LINK = re.compile(rf'<a({_ATTRIBUTES}?) href="{SCHEME}([^"]*)"({_ATTRIBUTES})>(.*?)</a>', re.DOTALL)
_WRITTEN = re.compile(rf"{SCHEME}([a-z0-9_-]+)", re.IGNORECASE)


def named_in(html: str) -> set[str]:
    """Return the keys of the outside pages that rendered HTML links to."""
    return {unescape(found[2]) for found in _LINK.finditer(html)} if MARK in html else set()


def written_in(text: str) -> set[str]:
    """Return the keys of the outside pages that a Markdown text names; cheaper than rendering it."""
    return set(_WRITTEN.findall(text))


def fill(html: str, addresses: Mapping[str, str]) -> str:
    """Return the HTML with the addresses by key; where there is none, the words of the link stay as text."""

    def filled(link: re.Match[str]) -> str:
        before, key, after, words = link.groups()
        address = addresses.get(unescape(key), "")
        return f'<a{before} href="{escape(address)}"{after}>{words}</a>' if address else words

    return _LINK.sub(filled, html)
