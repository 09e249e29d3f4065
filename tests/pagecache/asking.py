"""The page cache in front of the real application, asked in this process."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.wsgi import get_wsgi_application

from helpdesk.pagecache.layer import PageCache, call


class Server:
    """The page cache before the real application; counts how often Django is asked."""

    def __init__(self, most_bytes: int = 10_000_000) -> None:
        self.django = get_wsgi_application()
        self.asked = 0
        self.cache = PageCache(self._counted, most_bytes=most_bytes)

    def _counted(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self.django(environ, start_response)

    def ask(self, path: str, method: str = "GET", query: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "CONTENT_LENGTH": "0",
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        status, given, content = call(self.cache, environ)
        return int(status[:3]), dict(given), content

    def tell_all(self) -> None:
        """What a second does in a running portal."""
        self.cache.changes.notify()

    def fresh(self, path: str, query: str = "") -> tuple[int, dict[str, str], bytes]:
        """Return Django's own answer to the same request."""
        cache, self.cache = self.cache, self.django
        try:
            return self.ask(path, query=query)
        finally:
            self.cache = cache
