"""The identity as a process knows it, so that a page costs no query for it.

For a page that the page cache is going to keep, it is read again under each version of the content. Other pages see one
that is at most a second old, as visitors see all content; a change in the same process is seen at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

from django.utils.safestring import SafeString

from helpdesk.text.image_urls import Picture
from helpdesk.text.readability import Link


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """Values of the record that pages read; all are empty where there is no record."""

    name: str = ""
    operator: str = ""
    # The accent colors as CSS, and the digest that the content security policy names.
    style: SafeString | str = ""
    style_source: str = ""
    # Pictures shown instead of the name; without one for the dark theme, `logo` is for both.
    logo: Picture | None = None
    dark_logo: Picture | None = None
    header_links: tuple[Link, ...] = ()
    footer_links: tuple[Link, ...] = ()


NONE = KnownIdentity()


@dataclass(frozen=True, slots=True)
class _Entry:
    identity: KnownIdentity
    version: object
    read_at: float


class IdentityMemo:
    """Memo of the last reading; `load` reads from the database."""

    SECONDS = 1.0

    def __init__(self) -> None:
        self._entry: _Entry | None = None
        self._last = NONE

    def read(self, load: Callable[[], KnownIdentity], version: Any = None) -> KnownIdentity:
        """Return the identity of a version of the content, or without one, that of the last second."""
        entry = self._entry
        if entry is None or not self._is_fresh(entry, version):
            now = monotonic()
            self._entry = entry = _Entry(load(), version, now)
            self._last = entry.identity
        return entry.identity

    def _is_fresh(self, entry: _Entry, version: object) -> bool:
        if version is not None:
            return entry.version == version
        return monotonic() - entry.read_at < self.SECONDS

    def last(self) -> KnownIdentity:
        """Return the identity as it was last read, for pages that ask no database."""
        return self._last

    def forget(self) -> None:
        """Read again at the next page."""
        self._entry = None


memo = IdentityMemo()
