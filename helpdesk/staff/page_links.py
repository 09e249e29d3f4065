"""The addresses of a page, for staff who send them to customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from helpdesk.routing import whole_address


@dataclass(frozen=True)
class PageLinks:
    """`on_site` is empty while visitors do not see the page; `direct` and `short` are whole addresses to send."""

    on_site: str
    preview: str
    direct: str
    short: str


def page_links(request: HttpRequest, page: Any, *, public: bool) -> PageLinks:
    """The links to a stored page. It has a `get_absolute_url` and a `short_url`."""
    path = stored_path(page)
    return PageLinks(
        on_site=path if public else "",
        preview=preview_path(path),
        direct=whole_address(request, path),
        short=whole_address(request, page.short_url),
    )


def stored_path(page: Any) -> str:
    """The page's address as it is stored: in a form that was refused, the page carries what was typed."""
    return type(page)._default_manager.get(pk=page.pk).get_absolute_url()


def preview_path(path: str) -> str:
    """Where staff see the page of this address before visitors do."""
    return reverse("admin:index").rstrip("/") + "/preview" + path
