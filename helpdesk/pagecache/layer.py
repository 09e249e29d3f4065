"""The page cache: finished public pages, kept in front of Django.

A public page is a pure function of its address and the content. So the answer to an address is cached under the version
of the content (`version.py`), and given again without a look at anything else while the version is the same.

Requests for anything else go through to Django untouched. Only pages that were found are cached: no redirect, no error.
Whatever the answer, Django runs once for a request, and once for all who ask for the same page at the same time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from helpdesk.observability.request_context import REQUEST_ID_HEADER
from helpdesk.observability.request_log import PageCacheObserver
from helpdesk.pagecache.hosts import KnownHosts
from helpdesk.pagecache.key import Environ, PageKey, key_of
from helpdesk.pagecache.lru import CacheEntry, LRUCache
from helpdesk.pagecache.purge import Purger
from helpdesk.pagecache.single_flight import SingleFlight
from helpdesk.pagecache.stored_page import Headers, StoredPage, matches_etag
from helpdesk.pagecache.version import PAGE_VERSION, PageVersion, SharedCounter, VersionPoller
from helpdesk.web.urls import WHOLE_QUERY

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# Headers of one visitor. A page is the same for everybody, so none of them reaches the page that is cached.
_OF_ONE_VISITOR = ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_COOKIE")

# Seconds to wait for another thread that renders the same page. A page takes milliseconds; whoever waits longer asks
# Django as well, so that nobody hangs on a thread that does.
LONGEST_WAIT = 2.0


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
        self.hosts = KnownHosts()
        self.pages = LRUCache(most_bytes)
        self.renders = SingleFlight(LONGEST_WAIT)
        self.changes = SharedCounter()
        self.poller = VersionPoller(self.changes)
        self.purger = purger
        self.watcher = watcher

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.purger is not None:
            self.purger.start()
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._change(environ, start_response)
        key = key_of(environ, self.hosts, self.trusts_proxy)
        # Read before the page is rendered: a page may be newer than its version says, never older.
        version = self.poller.read() if key is not None else None
        if key is None or version is None:
            return self.application(environ, start_response)
        page = self._page(key, version)
        if page is None:
            return self._render(key, version, environ, start_response)
        return self._serve(page, environ, start_response)

    def _serve(self, page: StoredPage, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Respond with a page from the cache. Django knows nothing of it, so it is observed here."""
        if self.watcher is not None:
            self.watcher.served(environ["REQUEST_METHOD"])
        return respond(page, environ, start_response)

    def _page(self, key: PageKey, version: PageVersion) -> StoredPage | None:
        """Return the cached page, if it is of this version."""
        entry = self.pages.get(key)
        return entry.page if entry is not None and entry.version == version else None

    def _render(
        self, key: PageKey, version: PageVersion, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Have Django make the page and cache it; an answer that is no page is passed on as it is."""
        with self.renders.turn((key, version)):
            page = self._page(key, version)
            if page is not None:  # another thread has just rendered it
                return self._serve(page, environ, start_response)
            status, headers, content = call(self.application, page_request(environ, key, version))
            if is_cacheable(status, headers):
                return respond(self._store(key, version, headers, content), environ, start_response)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [content]

    def _store(self, key: PageKey, version: PageVersion, headers: Headers, content: bytes) -> StoredPage:
        """Cache a page. One that came out as it was is not compressed again."""
        if not any(name.lower() == "cache-control" for name, _ in headers):
            headers = [*headers, ("Cache-Control", self.cache_control)]
        # The id of the request that made the page is that of no other.
        headers = [header for header in headers if header[0] != REQUEST_ID_HEADER]
        old = self.pages.get(key)
        page = old.page if old is not None and old.page.content == content else StoredPage(headers, content)
        self.pages.put(key, CacheEntry(version, page))
        if self.watcher is not None:
            self.watcher.resized(self.pages.bytes)
        return page

    def _change(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on what may change content, and have all processes of this server look at the version afterwards.

        The application is called at once, not when the answer is read: servers take the status as soon as this returns.
        """
        answered = self.application(environ, start_response)
        self.changes.notify()
        return NotifyingResponse(answered, self.changes)


class NotifyingResponse:
    """A response that notifies again at its end: a streamed one may have changed content while it was read."""

    def __init__(self, answered: Iterable[bytes], changes: SharedCounter) -> None:
        self.answered = answered
        self.changes = changes

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.answered)

    def close(self) -> None:
        try:
            if hasattr(self.answered, "close"):
                self.answered.close()
        finally:
            self.changes.notify()


def page_request(environ: Environ, key: PageKey, version: PageVersion) -> Environ:
    """Return the request for a page: its own host and parameters only, and without the headers of one visitor.

    The whole query goes along for redirects, which pass it on.
    """
    asked = environ | {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": key.query,
        WHOLE_QUERY: environ.get("QUERY_STRING", ""),
        PAGE_VERSION: version,
    }
    if key.host:
        asked["HTTP_HOST"] = key.host
    for name in _OF_ONE_VISITOR:
        asked.pop(name, None)
    return asked


def cache_control(cdn_seconds: int) -> str:
    """Return the Cache-Control of a page, for browsers and the caches between (RFC 9111; stale responses: RFC 5861)."""
    if not cdn_seconds:
        return "public, max-age=0, must-revalidate"
    return f"public, max-age=0, s-maxage={cdn_seconds}, stale-while-revalidate=10, stale-if-error=86400"


def call(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Call a WSGI application and return status, headers and the whole body."""
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


def is_cacheable(status: str, headers: Headers) -> bool:
    """Return whether a response is a page for everybody: found, without a cookie, and not forbidden to be cached."""
    if not status.startswith("200"):
        return False
    given = {name.lower(): value.lower() for name, value in headers}
    return "set-cookie" not in given and not any(
        word in given.get("cache-control", "") for word in ("no-store", "private", "no-cache")
    )


def respond(page: StoredPage, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Send the page in the coding that is accepted, or 304 if the browser has it.

    A list: granian sends one as it is, and iterates over anything else, which takes half as long again.
    """
    body = page.best_form(environ.get("HTTP_ACCEPT_ENCODING", ""))
    condition = environ.get("HTTP_IF_NONE_MATCH")
    if condition is not None and matches_etag(condition, body.tag):
        start_response("304 Not Modified", body.headers_unchanged.copy())
        return []
    start_response("200 OK", body.headers.copy())
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body.content]
