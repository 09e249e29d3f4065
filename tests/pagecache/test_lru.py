"""The room that pages are said to take is the room they take."""

from __future__ import annotations

import gc
import random
import tracemalloc

import pytest

from helpdesk.pagecache.key import PageKey
from helpdesk.pagecache.lru import CacheEntry, LRUCache
from helpdesk.pagecache.stored_page import StoredPage
from helpdesk.pagecache.version import PageVersion

HEADERS = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; " * 3),
    ("Cache-Control", "public, max-age=0, must-revalidate"),
]


def as_from_the_wire() -> list[tuple[str, str]]:
    """Headers whose texts are shared with nobody."""
    return [("".join(list(name)), "".join(list(value))) for name, value in HEADERS]


def put_pages(cache: LRUCache, bodies: list[bytes]) -> None:
    for number, body in enumerate(bodies):
        key = PageKey("http", "localhost", f"/guides/guide-{number}/symptom/", f"no=cause-{number}")
        cache.put(key, CacheEntry(PageVersion(1), StoredPage(as_from_the_wire(), body)))


@pytest.mark.parametrize("words", [12, 100, 1_000])
def test_pages_take_no_more_memory_than_is_counted(words: int) -> None:
    # What a process makes with its first page, and code that a coverage tool replaces, is not of the pages.
    put_pages(LRUCache(10_000_000), [b"page"] * 100)
    cache = LRUCache(10_000_000)
    bodies = [" ".join(str(random.random()) for _ in range(words)).encode() for _ in range(100)]
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        put_pages(cache, bodies)
        gc.collect()
        taken = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    # The plain form of each page is the body that was there before.
    taken += sum(map(len, bodies))
    assert len(cache.entries) == 100
    assert 0.7 * cache.bytes < taken <= cache.bytes


def test_page_larger_than_the_shelf_is_not_kept_and_drops_nothing() -> None:
    cache = LRUCache(20_000)
    small, large = (CacheEntry(PageVersion(1), StoredPage([], bytes(size))) for size in (100, 50_000))
    cache.put(PageKey("http", "localhost", "/", ""), small)
    cache.put(PageKey("http", "localhost", "/faq/", ""), large)
    assert [key.path for key in cache.entries] == ["/"]
