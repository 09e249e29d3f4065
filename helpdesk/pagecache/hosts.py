"""The hosts that pages are cached for: one name for all that mean the same."""

from __future__ import annotations

from django.conf import settings
from django.http.request import split_domain_port, validate_host

# So many hosts, each with its port, have pages of their own where `PUBLIC_URL` doesn't say which one is right.
MOST_HOSTS = 16
# So many spellings are remembered; others are read each time, which takes microseconds.
_MOST_SPELLINGS = 200


class KnownHosts:
    """The hosts of the portal, in normal form.

    With `PUBLIC_URL` all of them have the same pages. Without it a page names the host that it was asked for: the first
    `MOST_HOSTS` have pages of their own, and a further port gets the pages of its host without one.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.spellings: dict[str, str] = {}

    def normal(self, header: str) -> str:
        """Return the host that a Host header stands for; a foreign one as it came, for Django to refuse."""
        found = self.spellings.get(header)
        if found is None:
            found = self._without_port(header) or self._read(header)
            if len(self.spellings) < _MOST_SPELLINGS:
                self.spellings[header] = found
        return found

    def _without_port(self, header: str) -> str | None:
        """Return the host of a known name with a port that makes no pages of its own; None where it has to be read."""
        if len(self.names) < MOST_HOSTS and not settings.PUBLIC_URL:
            return None
        name, _, port = header.rpartition(":")
        return self.spellings.get(name) if port.isdecimal() and port.isascii() else None

    def _read(self, header: str) -> str:
        domain, port = split_domain_port(header)
        if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
            return header
        if settings.PUBLIC_URL:
            return settings.PUBLIC_URL.partition("://")[2].rstrip("/")
        name = f"{domain}:{port}" if port else domain
        if name not in self.names and len(self.names) >= MOST_HOSTS:
            return domain
        self.names.add(name)
        return name
