"""Smaller answers: pages with brotli where the browser takes it, and styles and scripts without their comments."""

from __future__ import annotations

import re
from typing import Any

import brotli
import rcssmin
import rjsmin
from django.core.files.base import ContentFile, File
from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The highest: a page of 9 KB takes some 15 ms, and comes out 13 % smaller than with the quick one, which takes 0.6.
BEST_QUALITY = 11
QUICK_QUALITY = 5
SMALLEST = 200

_TAKES_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))")


def packed(page: bytes, quality: int = BEST_QUALITY) -> bytes:
    """The page in brotli."""
    return brotli.compress(page, mode=brotli.MODE_TEXT, quality=quality)


class CompressionMiddleware(GZipMiddleware):
    """Packs what the page cache does not keep: quick brotli for what visitors get once, else gzip as Django does it.

    A page that is kept is packed there, once and as small as it can be (`helpdesk.pagecache.stored_page`).

    Staff pages stay with Django's, which adds noise against guessing what stands beside their tokens (BREACH).
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.streaming:  # to be seen piece by piece; packing would hold the pieces back
            return response
        if "HTTP_ACCEPT_ENCODING" not in request.META:  # as the page cache asks, which packs a page itself
            if "Vary" not in response.headers:
                response.headers["Vary"] = "Accept-Encoding"
            return response
        if (
            request.path_info.startswith("/admin/")
            or not _TAKES_BROTLI.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
            or response.has_header("Content-Encoding")
            or len(response.content) < SMALLEST
        ):
            return super().process_response(request, response)
        response.content = packed(response.content, QUICK_QUALITY)
        response.headers["Content-Encoding"] = "br"
        response.headers["Content-Length"] = str(len(response.content))
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; our own styles and scripts lose comments and blanks on their way in."""

    minify = {".css": rcssmin.cssmin, ".js": rjsmin.jsmin}

    def _save(self, name: str, content: File) -> str:
        path = name.lower()
        if path.startswith(("css/", "js/")):
            for ending, minify in self.minify.items():
                if path.endswith(ending):
                    content = ContentFile(minify(b"".join(content.chunks()).decode()).encode())
        return super()._save(name, content)
