"""Check of one link: HEAD, and GET where that is refused; redirects are followed, and permanent ones reported."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from django.utils.encoding import iri_to_uri

from helpdesk.content.web_address import SCHEMES
from helpdesk.outside.link_errors import LinkError
from helpdesk.outside.safe_http import PoliteClient, Reply, RequestFailed

MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
PERMANENT = (301, 308)
# Servers answer so to programs, or to whoever is not signed in; a visitor's browser may well get the page.
REFUSED_TO_PROGRAMS = (401, 402, 403, 405, 406, 407, 429, 451)


@dataclass(frozen=True, slots=True)
class LinkResult:
    """Result of a check; `error` is empty for a link that works or that only browsers may follow."""

    status: int | None = None
    error: str = ""
    moved_to: str = ""


def normal_address(href: str) -> str:
    """Return the address as it is asked for: without a fragment, in ASCII."""
    return iri_to_uri(urldefrag(href).url) or ""


def check_link(address: str, client: PoliteClient) -> LinkResult:
    """Ask for an address and return the result. At most two requests for it and for each redirect."""
    url, moved_to, is_permanent = normal_address(address), "", True
    for _hop in range(MOST_REDIRECTS + 1):
        try:
            reply = ask(url, client)
        except RequestFailed as failed:
            return LinkResult(error=failed.code)
        if reply.status not in REDIRECTS:
            return _verdict(reply.status, moved_to)
        url = next_address(url, reply.location)
        if not url:
            return LinkResult(reply.status, LinkError.REDIRECTS)
        is_permanent = is_permanent and reply.status in PERMANENT
        moved_to = url if is_permanent else moved_to
    return LinkResult(reply.status, LinkError.REDIRECTS)


def ask(url: str, client: PoliteClient) -> Reply:
    """Return the answer to HEAD, or that to GET where a server does not know HEAD. Raises RequestFailed."""
    try:
        reply = client.request("HEAD", url)
    except RequestFailed as failed:
        if failed.code is not LinkError.PROTOCOL:
            raise
        return client.request("GET", url)
    return reply if reply.status < 400 or reply.status == 429 else client.request("GET", url)


def next_address(url: str, location: str) -> str:
    """Return where a redirect leads; empty where that is no web address."""
    try:
        found = normal_address(urljoin(url, location)) if location else ""
        parts = urlsplit(found)
    except ValueError:
        return ""
    return found if parts.scheme in SCHEMES and parts.hostname and "@" not in parts.netloc else ""


def _verdict(status: int, moved_to: str) -> LinkResult:
    if status < 400:
        return LinkResult(status, moved_to=moved_to)
    return LinkResult(status, "" if status in REFUSED_TO_PROGRAMS else LinkError.HTTP)
