"""Links of a page, for staff who send them to customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from helpdesk.adminkit.extensions import StaffLink
from helpdesk.content.as_of import AS_OF, in_address
from helpdesk.content.dates import moment_in_words
from helpdesk.web.urls import whole_address

# Links beside a page; other moments can be chosen in the preview.
MOST_PREVIEWS = 4


@dataclass(frozen=True)
class PageLinks:
    """Addresses of a page. `on_site` is empty while visitors do not see it; `direct` and `short` are absolute."""

    on_site: str
    preview: str
    direct: str
    short: str
    previews_as_of: Sequence[StaffLink]  # preview at each moment at which it changes


def page_links(request: HttpRequest, page: Any, *, public: bool, moments: Iterable[datetime | None] = ()) -> PageLinks:
    """Return the links of a stored page with `get_absolute_url` and `short_url`; `moments` are when it changes."""
    path = stored_path(page)
    return PageLinks(
        on_site=path if public else "",
        preview=preview_path(path),
        direct=whole_address(request, path),
        short=whole_address(request, page.short_url),
        previews_as_of=previews_as_of(path, moments),
    )


def previews_as_of(path: str, moments: Iterable[datetime | None]) -> list[StaffLink]:
    """Return links to the preview of a path at each of these moments in the future, the next first; at most four."""
    now = timezone.now()
    coming = {in_address(moment): moment_in_words(moment) for moment in sorted(filter(None, moments)) if moment > now}
    label, preview = gettext("Preview as of %(moment)s"), preview_path(path)
    return [
        StaffLink(label % {"moment": text}, f"{preview}?{urlencode({AS_OF: value})}")
        for value, text in list(coming.items())[:MOST_PREVIEWS]
    ]


def stored_path(page: Any) -> str:
    """Return the page's address as it is stored: beside a refused form, the record in memory has typed values."""
    return type(page)._default_manager.get(pk=page.pk).get_absolute_url()


def preview_path(path: str) -> str:
    """Return the preview address of a public path."""
    return reverse("admin:index").rstrip("/") + "/preview" + path
