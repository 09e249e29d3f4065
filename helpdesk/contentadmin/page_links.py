"""The addresses of a page, for staff who send them to customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helpdesk.adminkit.extensions import StaffLink
from helpdesk.content.as_of import AS_OF, in_address, in_words
from helpdesk.web.urls import whole_address

# So many links beside a page; all other moments can be chosen in the preview itself.
MOST_PREVIEWS = 4


@dataclass(frozen=True)
class PageLinks:
    """`on_site` is empty while visitors do not see the page; `direct` and `short` are whole addresses to send."""

    on_site: str
    preview: str
    direct: str
    short: str
    previews_as_of: Sequence[StaffLink]  # the preview at each moment at which something changes


def page_links(request: HttpRequest, page: Any, *, public: bool, moments: Iterable[datetime | None] = ()) -> PageLinks:
    """The links to a stored page. It has a `get_absolute_url` and a `short_url`; `moments` are when it changes."""
    path = stored_path(page)
    return PageLinks(
        on_site=path if public else "",
        preview=preview_path(path),
        direct=whole_address(request, path),
        short=whole_address(request, page.short_url),
        previews_as_of=previews_as_of(path, moments),
    )


def previews_as_of(path: str, moments: Iterable[datetime | None]) -> list[StaffLink]:
    """Links to the preview of a path at each of these moments that is still to come, the next first; at most four."""
    now = timezone.now()
    coming = {in_address(moment): in_words(moment) for moment in sorted(filter(None, moments)) if moment > now}
    return [
        StaffLink(_("Preview as of %(moment)s") % {"moment": text}, f"{preview_path(path)}?{urlencode({AS_OF: value})}")
        for value, text in list(coming.items())[:MOST_PREVIEWS]
    ]


def stored_path(page: Any) -> str:
    """The page's address as it is stored: in a form that was refused, the page carries what was typed."""
    return type(page)._default_manager.get(pk=page.pk).get_absolute_url()


def preview_path(path: str) -> str:
    """Where staff see the page of this address before visitors do."""
    return reverse("admin:index").rstrip("/") + "/preview" + path
