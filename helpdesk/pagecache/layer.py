"""Finished public pages, kept in front of Django.

A public page is a pure function of its address and the content. So the answer to an address is kept under the version
of the content (`version.py`), and given again without a look at anything else while the version is the same.

What is no such page goes through to Django untouched. Only pages that were found are kept: no redirect, no error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from helpdesk.observability.request_context import REQUEST_ID_HEADER
from helpdesk.observability.request_log import PageCacheObserver
from helpdesk.pagecache.key import Environ, Key, key_of
from helpdesk.pagecache.lru import Kept, Shelf
from helpdesk.pagecache.purge import Purger
from helpdesk.pagecache.stored_page import Headers, Page, names_tag
from helpdesk.pagecache.version import Bell, Clock, Version

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# What a browser tells of itself and of what it has. A page is the same for all, so none of it reaches the one kept.
_OF_ONE_VISITOR = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_COOKIE")


class PageCache:
    """The WSGI application in front of Django's.

    `cdn_seconds` is how long a cache between the portal and its visitors may keep a page; with 0, and for browsers
    always, it has to ask each time whether the page is still the same.
    """

    def __init__(
        self,
        application: Application,
        *,
        most_bytes: int,
        trusts_proxy: bool = False,
        cdn_seconds: int = 0,
        purger: Purger | None = None,
        watcher: PageCacheObserver | None = None,
    ) -> None:
        self.application = application
        self.trusts_proxy = trusts_proxy
        self.cache_control = cache_control(cdn_seconds)
        self.shelf = Shelf(most_bytes)
        self.bell = Bell()
        self.clock = Clock(self.bell)
        self.purger = purger
        self.watcher = watcher

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.purger is not None:
            self.purger.begin()
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._change(environ, start_response)
        key = key_of(environ, self.trusts_proxy)
        # Read before the page is made: a page may be newer than its version says, never older.
        version = self.clock.read() if key is not None else None
        if key is None or version is None:
            return self.application(environ, start_response)
        kept = self.shelf.get(key)
        if kept is not None and kept.version == version:
            if self.watcher is not None:
                self.watcher.served(environ["REQUEST_METHOD"])
            return answer(kept.page, environ, start_response)
        return self._fill(key, version, kept, environ, start_response)

    def _fill(
        self, key: Key, version: Version, old: Kept | None, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Has Django make the page, and keeps it; an answer that is no page is handed on as it is."""
        asked = environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query}
        for name in _OF_ONE_VISITOR:
            asked.pop(name, None)
        status, headers, content = call(self.application, asked)
        if not may_be_kept(status, headers):
            if status.startswith("3") or environ["REQUEST_METHOD"] == "HEAD":
                # As it was asked for: a redirect takes all parameters along.
                return self.application(environ, start_response)
            start_response(status, headers)
            return [content]
        if not any(name.lower() == "cache-control" for name, _ in headers):
            headers = [*headers, ("Cache-Control", self.cache_control)]
        # The number of the request that made the page is none of those it is given to.
        headers = [header for header in headers if header[0] != REQUEST_ID_HEADER]
        page = old.page if old is not None and old.page.content == content else Page(headers, content)
        self.shelf.put(key, Kept(version, page))
        if self.watcher is not None:
            self.watcher.resized(self.shelf.bytes)
        return answer(page, environ, start_response)

    def _change(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Hands on what may change content, and has all processes of this server look at the version afterwards.

        The application is called at once, not when the answer is read: servers take the status as soon as this returns.
        """
        answered = self.application(environ, start_response)
        self.bell.ring()
        return Rung(answered, self.bell)


class Rung:
    """An answer that rings again at its end: a long one may have changed something while it was read."""

    def __init__(self, answered: Iterable[bytes], bell: Bell) -> None:
        self.answered = answered
        self.bell = bell

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answered)

    def close(self) -> None:
        try:
            if hasattr(self.answered, "close"):
                self.answered.close()
        finally:
            self.bell.ring()


def cache_control(cdn_seconds: int) -> str:
    """What browsers and the caches between may do with a page (RFC 9111; stale answers: RFC 5861)."""
    if not cdn_seconds:
        return "public, max-age=0, must-revalidate"
    return f"public, max-age=0, s-maxage={cdn_seconds}, stale-while-revalidate=10, stale-if-error=86400"


def call(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """What the application answers: status, headers, the whole body."""
    said: list[Any] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], None]:
        said[:] = [status, headers]
        return lambda content: None

    answered = application(environ, start_response)
    try:
        content = b"".join(answered)
    finally:
        if hasattr(answered, "close"):
            answered.close()
    return said[0], said[1], content


def may_be_kept(status: str, headers: Headers) -> bool:
    """Whether an answer is a page for everybody: found, without a cookie, and without a word against keeping it."""
    if not status.startswith("200"):
        return False
    given = {name.lower(): value.lower() for name, value in headers}
    return "set-cookie" not in given and not any(
        word in given.get("cache-control", "") for word in ("no-store", "private", "no-cache")
    )


def answer(page: Page, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The page in the form that is asked for, or only that it is still the same.

    A list: granian sends one as it is, and reads anything else piece by piece, which takes it half as long again.
    """
    body = page.best_form(environ.get("HTTP_ACCEPT_ENCODING", ""))
    condition = environ.get("HTTP_IF_NONE_MATCH")
    if condition is not None and names_tag(condition, body.tag):
        start_response("304 Not Modified", body.headers_unchanged.copy())
        return []
    start_response("200 OK", body.headers.copy())
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.content]
