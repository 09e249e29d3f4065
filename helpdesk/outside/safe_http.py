"""HTTP client for addresses that editors wrote: never connects into a private network, and reads no body.

A host is resolved once for each request. The connection goes to the very address that was judged, so another answer of
the name server (DNS rebinding) changes nothing. Proxies of the environment are not used: they would resolve again.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import Event, Timer
from time import monotonic, sleep
from urllib.parse import SplitResult, unquote, urlsplit

from helpdesk.outside.link_errors import LinkError

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Seconds for each step (connecting, each packet), and for one request in all.
STEP_SECONDS = 10.0
REQUEST_SECONDS = 20.0
# Addresses of one host that are tried, one after the other.
MOST_ATTEMPTS = 3

# What IPv6 has for the public internet (RFC 4291); the rest is reserved, or of forms that lead into other networks.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# IPv4 addresses that are reached through IPv6 (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class RequestFailed(Exception):
    """There was no answer; `code` says why."""

    def __init__(self, code: LinkError) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """Status of an answer, and where it redirects to."""

    status: int
    location: str = ""


def is_public(address: IpAddress) -> bool:
    """Return whether an address is one of the public internet, also inside an IPv6 address that carries IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        carried = [address.sixtofour, *(address.teredo or ())]
        if address not in _GLOBAL_UNICAST or any(inner is not None and not is_public(inner) for inner in carried):
            return False
    return address.is_global and not address.is_multicast


@dataclass
class PoliteClient:
    """Client that says who it is, and leaves a pause between two requests to one host."""

    user_agent: str
    pause: float = 1.0
    may_connect: Callable[[IpAddress], bool] = is_public

    def __post_init__(self) -> None:
        self._last_request: dict[str, float] = {}

    def request(self, method: str, url: str) -> Reply:
        """Return status and redirect of an answer; its body is never read. Raises RequestFailed."""
        try:
            parts = urlsplit(url)
            host = unquote(parts.hostname or "").encode("idna").decode()
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            raise RequestFailed(LinkError.DNS) from None
        self._wait_for(host)
        try:
            return self._ask(method, parts.scheme, host, port, target_of(parts))
        except ssl.SSLCertVerificationError:
            raise RequestFailed(LinkError.CERTIFICATE) from None
        except TimeoutError:
            raise RequestFailed(LinkError.TIMEOUT) from None
        except (http.client.HTTPException, ssl.SSLError, ValueError):
            raise RequestFailed(LinkError.PROTOCOL) from None
        except OSError:
            raise RequestFailed(LinkError.CONNECTION) from None
        finally:
            self._last_request[host] = monotonic()

    def _wait_for(self, host: str) -> None:
        if host in self._last_request:
            sleep(max(0.0, self._last_request[host] + self.pause - monotonic()))

    def _ask(self, method: str, scheme: str, host: str, port: int, target: str) -> Reply:
        connection = http.client.HTTPConnection(host, port, timeout=STEP_SECONDS)
        connection.default_port = 443 if scheme == "https" else 80  # left out of the header Host
        connection.sock = self._connect(host, port)
        # A server that sends a byte now and then would never run into the timeout of a step.
        ended = Event()
        timer = Timer(REQUEST_SECONDS, lambda: _shut(connection, ended))
        timer.start()
        try:
            if scheme == "https":
                secure = _tls().wrap_socket(connection.sock, server_hostname=host, do_handshake_on_connect=False)
                connection.sock = secure
                secure.do_handshake()
            headers = {"User-Agent": self.user_agent, "Accept": "*/*", "Connection": "close"}
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.headers.get("Location", ""))
        except (OSError, http.client.HTTPException):
            if ended.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()
            connection.close()

    def _connect(self, host: str, port: int) -> socket.socket:
        """Connect to a host, after all of its addresses were judged. Raises RequestFailed, OSError."""
        found = resolve(host, port)
        if not all(self.may_connect(ipaddress.ip_address(address.partition("%")[0])) for address in found):
            raise RequestFailed(LinkError.PRIVATE)
        *others, last = found[:MOST_ATTEMPTS]
        for address in others:
            try:
                return socket.create_connection((address, port), STEP_SECONDS)
            except OSError:
                continue
        return socket.create_connection((last, port), STEP_SECONDS)


def target_of(parts: SplitResult) -> str:
    """Return what a request asks the server for: path and query, the path never empty (RFC 9112, section 3.2.1)."""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def resolve(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, each once. Raises RequestFailed."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    if not host or not found:
        raise RequestFailed(LinkError.DNS)
    return list(dict.fromkeys(str(address[0]) for *_kind, address in found))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _shut(connection: http.client.HTTPConnection, ended: Event) -> None:
    """End a connection whose time is up; whoever reads from it finds the end."""
    ended.set()
    with suppress(OSError, AttributeError):  # closed meanwhile
        connection.sock.shutdown(socket.SHUT_RDWR)
