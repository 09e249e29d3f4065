"""An LRU cache of finished pages, in the memory of one process and limited by size."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import NamedTuple

from helpdesk.pagecache.key import PageKey
from helpdesk.pagecache.stored_page import StoredPage
from helpdesk.pagecache.version import PageVersion


class CacheEntry(NamedTuple):
    """A page, and the version that it is true for."""

    version: PageVersion
    page: StoredPage


class LRUCache:
    """Cache entries by their key, at most `most_bytes` together; the least recently used one is evicted first."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self.entries: OrderedDict[PageKey, CacheEntry] = OrderedDict()
        self.lock = Lock()

    def get(self, key: PageKey) -> CacheEntry | None:
        """Return the entry, whatever its version."""
        with self.lock:
            entry = self.entries.get(key)
            if entry is not None:
                self.entries.move_to_end(key)
            return entry

    def put(self, key: PageKey, entry: CacheEntry) -> None:
        """Replace the entry of this key. One that is larger than the whole cache is not kept."""
        size = size_of(key, entry)
        with self.lock:
            self._drop(key)
            if size > self.most_bytes:
                return
            self.entries[key] = entry
            self.bytes += size
            while self.bytes > self.most_bytes:
                self._drop(next(iter(self.entries)))

    def _drop(self, key: PageKey) -> None:
        entry = self.entries.pop(key, None)
        if entry is not None:
            self.bytes -= size_of(key, entry)


def size_of(key: PageKey, entry: CacheEntry) -> int:
    """Return the size of an entry in bytes, its key included."""
    return entry.page.size + sum(map(len, key))
