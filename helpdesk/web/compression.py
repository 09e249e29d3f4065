"""Compression of responses with brotli or gzip, and minified style sheets."""

from __future__ import annotations

import re
from typing import Any

import brotli
import rcssmin
from django.core.files.base import ContentFile, File
from django.http import HttpRequest
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from whitenoise.storage import CompressedManifestStaticFilesStorage

# The best: a page of 9 KB takes some 15 ms, and comes out 13 % smaller than with the quick one, which takes 0.6.
BEST_QUALITY = 11
QUICK_QUALITY = 5
SMALLEST = 200

_TAKES_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))")


def compress(page: bytes, quality: int = BEST_QUALITY) -> bytes:
    """Compress a page with brotli."""
    return brotli.compress(page, mode=brotli.MODE_TEXT, quality=quality)


class CompressionMiddleware(GZipMiddleware):
    """Compresses what the page cache does not hold: quick brotli for public responses, else gzip as Django does it.

    The page cache compresses its pages itself, once and as small as possible (`helpdesk.pagecache.stored_page`).

    Staff pages stay with Django's gzip, which adds noise against guessing the text beside their tokens (BREACH).
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.streaming:  # to be seen chunk by chunk; compression would hold the chunks back
            return response
        if "HTTP_ACCEPT_ENCODING" not in request.META:  # the page cache asks, which compresses itself
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
        response.content = compress(response.content, QUICK_QUALITY)
        response.headers["Content-Encoding"] = "br"
        response.headers["Content-Length"] = str(len(response.content))
        patch_vary_headers(response, ("Accept-Encoding",))
        return response


# A line of a script with nothing but a comment. No text in ours goes over several lines, which a test sees to.
_COMMENT_LINE = re.compile(rb"(?m)^[ \t]*//.*\n")


class SmallStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with our own style sheets minified, and our own scripts without lines of comments.

    More would need a parser: a minifier without one changed strings.
    """

    def _save(self, name: str, content: File) -> str:
        path = name.lower()
        if path.startswith("css/") and path.endswith(".css"):
            content = ContentFile(rcssmin.cssmin(b"".join(content.chunks()).decode()).encode())
        elif path.startswith("js/") and path.endswith(".js"):
            content = ContentFile(_COMMENT_LINE.sub(b"", b"".join(content.chunks())))
        return super()._save(name, content)
