"""A finished page in every content coding, encoded once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import brotli

from helpdesk.web.compression import BEST_QUALITY

Headers = list[tuple[str, str]]

# Below this, compression makes a body no smaller.
SMALLEST = 200
# Bytes beside the bodies and the key: headers and the objects around them, measured generously.
OVERHEAD = 4_000

_MADE_HERE = {"content-length", "content-encoding", "etag", "vary", "transfer-encoding", "connection"}
_CODING = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*\Z", re.I)
_TAG = re.compile(r'(?:W/)?("[^"]*")')


@dataclass(frozen=True, slots=True)
class EncodedBody:
    """A page in one content coding: its bytes, and the headers that go with it and with a 304 for it."""

    content: bytes
    tag: str
    headers: Headers
    headers_unchanged: Headers


class StoredPage:
    """A page in every content coding that browsers accept: plain, gzip and brotli."""

    __slots__ = ("content", "forms", "size")

    def __init__(self, headers: Sequence[tuple[str, str]], content: bytes) -> None:
        kept = [(name, value) for name, value in headers if name.lower() not in _MADE_HERE]
        self.content = content
        digest = blake2b(content, digest_size=12).hexdigest()
        self.forms = {"identity": form(kept, content, digest, "")}
        if len(content) >= SMALLEST:
            self.forms["br"] = form(
                kept, brotli.compress(content, mode=brotli.MODE_TEXT, quality=BEST_QUALITY), digest, "br"
            )
            self.forms["gzip"] = form(kept, gzip.compress(content, 9, mtime=0), digest, "gzip")
        self.size = OVERHEAD + sum(len(body.content) for body in self.forms.values())

    def best_form(self, accepted: str) -> EncodedBody:
        """Return the smallest body that this Accept-Encoding takes; the plain one where it names no other."""
        for name in forms_for(accepted[:500]):
            if name in self.forms:
                return self.forms[name]
        return self.forms["identity"]


def form(headers: Headers, content: bytes, digest: str, coding: str) -> EncodedBody:
    """Return the body of one coding, with an ETag made of the digest of the plain one."""
    tag = f'"{digest}-{coding}"' if coding else f'"{digest}"'
    of_both = [("ETag", tag), ("Vary", "Accept-Encoding")]
    of_content = [("Content-Length", str(len(content))), *([("Content-Encoding", coding)] if coding else [])]
    # RFC 9110, 15.4.5: what tells a cache how to keep what it has; the other headers are those it has.
    unchanged = [(name, value) for name, value in headers if name.lower() == "cache-control"]
    return EncodedBody(content, tag, [*headers, *of_both, *of_content], [*unchanged, *of_both])


@lru_cache(maxsize=256)
def forms_for(accepted: str) -> tuple[str, ...]:
    """Return the compressed codings that an Accept-Encoding takes, the smallest first."""
    taken = codings(accepted)
    return tuple(name for name in ("br", "gzip") if taken.get(name, taken.get("*", 0.0)) > 0)


def codings(accepted: str) -> dict[str, float]:
    """Return the weights of an Accept-Encoding by coding; what cannot be parsed is ignored (RFC 9110, 12.5.3)."""
    found = {}
    for part in accepted.split(","):
        if match := _CODING.match(part):
            found[match[1].lower()] = float(match[2] or 1)
    return found


def matches_etag(condition: str, tag: str) -> bool:
    """Return whether an If-None-Match names the ETag, compared weakly, or any (RFC 9110, 13.1.2)."""
    return condition == tag or condition.strip() == "*" or tag in _TAG.findall(condition[:2_000])
