"""Finished public pages, kept in front of Django.

A public page is a pure function of its address and the content. So the answer to an address is kept under the version
of the content (`version.py`), and given again without a look at anything else while the version is the same.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from helpdesk.pagecache.page import Headers, Page, names_tag
from helpdesk.pagecache.version import Bell, Clock, Version

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

# The pages that depend on nothing but address and content. What counts, finds or remembers something is none of them.
_PAGES = re.compile(
    r"/(?:contact/|faq/(?:[a-z0-9-]+/){0,2}|guides/(?:[a-z0-9-]+/){1,4}|feed/|sitemap\.xml|robots\.txt)?\Z"
)
# The parameters that such a page may depend on; others neither make a page of their own nor reach one that is kept.
_PARAMETERS = ("no", "skip", "by", "sent")
# A longer address is no page of ours.
_LONGEST_ADDRESS = 1_000

# What browsers and the caches between may do with a page: keep it, and ask each time whether it is still the same.
CACHE_CONTROL = "public, max-age=0, must-revalidate"


class Key(NamedTuple):
    """What tells two pages apart."""

    scheme: str
    host: str
    path: str
    query: str


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
        size = kept.page.size + sum(map(len, key))
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
            self.bytes -= kept.page.size + sum(map(len, key))


class PageCache:
    """The WSGI application in front of Django's."""

    def __init__(self, application: Application, *, most_bytes: int, trusts_proxy: bool = False) -> None:
        self.application = application
        self.trusts_proxy = trusts_proxy
        self.shelf = Shelf(most_bytes)
        self.bell = Bell()
        self.clock = Clock(self.bell)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._change(environ, start_response)
        key = key_of(environ, self.trusts_proxy)
        version = self.clock.read() if key is not None else None
        if key is None or version is None:
            return self.application(environ, start_response)
        kept = self.shelf.get(key)
        if kept is not None and kept.version == version:
            return answer(kept.page, environ, start_response)
        return self._fill(key, version, kept, environ, start_response)

    def _fill(
        self, key: Key, version: Version, old: Kept | None, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Has Django make the page, and keeps it; an answer that is no page is handed on as it is."""
        asked = environ | {"REQUEST_METHOD": "GET", "QUERY_STRING": key.query}
        for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE"):
            asked.pop(name, None)
        status, headers, content = call(self.application, asked)
        if not may_be_kept(status, headers):
            if status.startswith("3") or environ["REQUEST_METHOD"] == "HEAD":
                # As it was asked for: a redirect takes all parameters along.
                return self.application(environ, start_response)
            start_response(status, headers)
            return [content]
        if not any(name.lower() == "cache-control" for name, _ in headers):
            headers = [*headers, ("Cache-Control", CACHE_CONTROL)]
        page = old.page if old is not None and old.page.content == content else Page(headers, content)
        self.shelf.put(key, Kept(version, page))
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


def key_of(environ: Environ, trusts_proxy: bool) -> Key | None:
    """The page that is asked for, in the one form that stands for it; None where no page of ours could be meant."""
    path, query = environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
    if len(path) + len(query) > _LONGEST_ADDRESS or not _PAGES.match(path):
        return None
    scheme: str = environ["wsgi.url_scheme"]
    if trusts_proxy:
        scheme = str(environ.get("HTTP_X_FORWARDED_PROTO", scheme)).strip().lower()
    return Key(scheme, environ.get("HTTP_HOST", ""), path, known_part(query) if query else "")


def known_part(query: str) -> str:
    """The parameters of a query that a page may depend on, in order."""
    try:
        given = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="strict")
    except ValueError:
        return query
    return urlencode([(name, value) for name, value in given if name in _PARAMETERS], safe=",")


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
