"""Links of announcements: a page of the portal by its short link, or a page elsewhere by its URL."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from helpdesk.content.kinds import page_kinds

_SHORT_LINK = re.compile(r"/([a-z])/[1-9][0-9]{0,8}/")


def validate_link(link: str) -> None:
    """Refuse what is neither a short link of this portal nor a URL. Raises ValidationError."""
    if not is_short_link(link) and not is_outside_url(link):
        raise ValidationError(
            gettext("Enter a short link of this portal, such as /g/1001/, or a URL that starts with https://."),
            code="link",
        )


def is_short_link(link: str) -> bool:
    """Return whether this is the form of a short link, of a kind that has some; the page need not exist."""
    match = _SHORT_LINK.fullmatch(link)
    return match is not None and any(kind.letter == match[1] for kind in page_kinds())


def is_outside_url(link: str) -> bool:
    """Return whether this is a URL that a browser opens as a page."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    is_plain = link.isprintable() and not any(sign in link for sign in ' "<>\\')
    return is_plain and parts.scheme in ("http", "https") and bool(parts.hostname)
