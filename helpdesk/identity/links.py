"""Links in header and footer, and the logo: Markdown fields that hold a list of links or one picture, and nothing else.

As Markdown, they are edited with the toolbar, and checked, exported and searched for uses as all other texts are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from helpdesk.text import image_urls
from helpdesk.text.image_urls import Picture
from helpdesk.text.outside_links import SCHEME
from helpdesk.text.readability import Link, parts

_LINK_LINE = re.compile(r"[-*+] \[[^\[\]]+\]\([^()\s]+\)")
_PICTURE = re.compile(r"!\[[^\[\]]*\]\([^()\s]+\)")


MOST_IN_HEADER, MOST_IN_FOOTER = 2, 8


def validate_header_links(text: str) -> None:
    """Refuse a text that is not a list of at most two links. Raises ValidationError."""
    _validate_links(text, MOST_IN_HEADER)


def validate_footer_links(text: str) -> None:
    """Refuse a text that is not a list of at most eight links. Raises ValidationError."""
    _validate_links(text, MOST_IN_FOOTER)


def _validate_links(text: str, most: int) -> None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        links = parts(line).links if _LINK_LINE.fullmatch(line) else ()
        if len(links) != 1:
            raise ValidationError(
                gettext("“%(line)s” isn't a link. Write one link a line, such as: %(example)s")
                % {"line": line, "example": "- [System status](https://status.example.com)"},
                code="links",
            )
        if not links[0].href:
            raise ValidationError(
                gettext("“%(words)s” needs an address that starts with https://, or a short link.")
                % {"words": links[0].words},
                code="address",
            )
    if len(lines) > most:
        raise ValidationError(gettext("At most %(most)s links fit here.") % {"most": most}, code="most")


def validate_logo(text: str) -> None:
    """Refuse a text that is not one picture of the portal. Raises ValidationError."""
    if logo_in(text) is None:
        raise ValidationError(
            gettext("Insert one picture, and nothing else. The picture button above the field uploads it."),
            code="logo",
        )


def logo_in(text: str) -> Picture | None:
    """Return the picture in a text; None where it is not just one of the portal's pictures."""
    if not _PICTURE.fullmatch(text.strip()):
        return None
    pictures = parts(text).pictures
    return image_urls.at(pictures[0].src) if len(pictures) == 1 else None


def links_in(text: str, outside: Mapping[str, str]) -> tuple[Link, ...]:
    """Return the links of a text with the addresses of outside pages; without those whose address is missing."""
    found = []
    for link in parts(text).links:
        href = link.href or ""
        if href.startswith(SCHEME):
            href = outside.get(href.removeprefix(SCHEME), "")
        if href:
            found.append(Link(href, link.words))
    return tuple(found)
