"""Origin of a request: the client's IP address, and the same-origin check."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def is_same_site(request: HttpRequest) -> bool:
    """Return whether a post may come from one of our own pages.

    The rule of Go's `http.CrossOriginProtection`: `Sec-Fetch-Site` decides where the browser sends it, else
    `Origin` has to name our host; with neither there is no browser that could be made to post by another site.
    """
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    if request.headers.get("Origin") is None:
        return True
    return _origin_is_ours(request)


def surely_from_our_pages(request: HttpRequest) -> bool:
    """As `is_same_site`, but refuse a request without a header that names its origin."""
    says_something = "Sec-Fetch-Site" in request.headers or "Origin" in request.headers
    return says_something and request.headers.get("Sec-Fetch-Site") != "none" and is_same_site(request)


def _origin_is_ours(request: HttpRequest) -> bool:
    try:
        return urlsplit(request.headers["Origin"]).netloc == request.get_host()
    except ValueError:
        return False


def client_address(request: HttpRequest) -> str:
    """Return the visitor's address: that of the connection, or the one that the outermost of our proxies saw."""
    return _proven_address(request) or request.META.get("REMOTE_ADDR", "")


def _proven_address(request: HttpRequest) -> str:
    """As `client_address`, but "" where fewer proxies than expected have forwarded the request."""
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        return request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return _without_port(hops[-proxies]) if len(hops) >= proxies else ""


def _without_port(hop: str) -> str:
    """Return the address of a hop; some proxies write "192.0.2.7:51234" or "[2001:db8::1]:51234", others no port."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def ip_address(request: HttpRequest) -> str | None:
    """As `client_address`, but None where it is not an IP address ("unknown", a socket's path)."""
    try:
        return str(ipaddress.ip_address(client_address(request)))
    except ValueError:
        return None


def client_network(request: HttpRequest) -> str:
    """Return the network that one line has: an IPv4 address, or the first 64 bits of an IPv6 one.

    A household or a phone has a whole /64 to choose addresses from. An IPv4 address inside an IPv6 one counts as IPv4.
    What is no IP address is returned as it is.
    """
    sender = client_address(request)
    try:
        address = ipaddress.ip_address(sender.partition("%")[0])
    except ValueError:
        return sender
    address = getattr(address, "ipv4_mapped", None) or address
    return str(address if address.version == 4 else ipaddress.ip_network((address, 64), strict=False))


def counted_address(request: HttpRequest) -> str | None:
    """Return the address that wrong sign-ins are counted for: the first of the visitor's network (`client_network`)."""
    try:
        return str(ipaddress.ip_network(client_network(request)).network_address)
    except ValueError:
        return None


def is_in(request: HttpRequest, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    """Return whether a request comes from one of the networks; an IPv4 address inside an IPv6 one counts as IPv4.

    A request that came past a proxy comes from none, as the address of the connection is that of another proxy.
    """
    try:
        sender = ipaddress.ip_address(_proven_address(request))
    except ValueError:
        return False
    sender = getattr(sender, "ipv4_mapped", None) or sender
    return any(sender in network for network in networks)


def shortened(address: str | None) -> str:
    """Return the network of an address, which tells offices and countries apart but does not name one line.

    The first 24 bits of an IPv4 address, the first 48 of an IPv6 one; "" for no address.
    """
    if not address:
        return ""
    bits = 24 if ipaddress.ip_address(address).version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
