"""Links to outside pages in responses: their addresses replace the placeholders of rendered texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from helpdesk.outside.models import OutsidePage
from helpdesk.text import outside_links

_MARK = outside_links.MARK.encode()


def addresses_of(keys: Iterable[str]) -> dict[str, str]:
    """Return the addresses of outside pages by key; empty ones are those that are missing. One query."""
    return dict(OutsidePage.objects.filter(slug__in=list(keys)).values_list("slug", "address"))


def fill(html: str) -> str:
    """Return rendered HTML with the addresses of the outside pages. One query, none where it links to none."""
    keys = outside_links.named_in(html)
    return outside_links.fill(html, addresses_of(keys)) if keys else html


def fill_response(response: HttpResponseBase) -> None:
    """Put the addresses into an HTML page. One query, none for a page that links to no outside page."""
    if not isinstance(response, HttpResponse) or _MARK not in response.content:
        return
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = fill(response.content.decode(response.charset))
        if "Content-Length" in response.headers:  # of the placeholders, by a middleware further in
            response.headers["Content-Length"] = str(len(response.content))


class OutsideLinksMiddleware:
    """Middleware that puts the addresses of outside pages into every HTML page.

    At the end of a page, so that all of its texts together cost one query; a page is cached with them, and every change
    of an address is a new version of the content.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        fill_response(response)
        return response
