"""Where finished pages stand: in the memory of one process, and no more of them than fit."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from helpdesk.pagecache.key import Key
from helpdesk.pagecache.stored_page import Page
from helpdesk.pagecache.version import Version


class Kept(NamedTuple):
    """A page, and the version it is true for."""

    version: Version
    page: Page


class Shelf:
    """Pages by their key, no more than so many bytes together; what was not asked for longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self.lock:
            kept = self.pages.get(key)
            if kept is not None:
                self.pages.move_to_end(key)
            return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keeps the page in place of the one under this key; one that is larger than the whole shelf is not kept."""
        size = size_of(key, kept)
        with self.lock:
            self._drop(key)
            if size > self.most_bytes:
                return
            self.pages[key] = kept
            self.bytes += size
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self.pages)))

    def _drop(self, key: Key) -> None:
        kept = self.pages.pop(key, None)
        if kept is not None:
            self.bytes -= size_of(key, kept)


def size_of(key: Key, kept: Kept) -> int:
    """What the page takes in bytes, its key included."""
    return kept.page.size + sum(map(len, key))
