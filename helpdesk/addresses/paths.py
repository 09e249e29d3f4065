"""Paths as redirects know them. Pure functions of text: nothing here asks the database."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

from django.utils.translation import gettext as _

LONGEST_PATH = 200
# Our own addresses have at most six parts.
MOST_PARTS = 12


def normal(path: str) -> str:
    """The path in small letters, with a slash at its end unless it ends with the name of a file ("old.html")."""
    bare = unicodedata.normalize("NFC", path).lower().rstrip("/")
    return bare if "." in bare.rpartition("/")[2] else f"{bare}/"


def read(typed: str) -> str:
    """The path that somebody typed or copied from a browser, which writes some letters as %C3%A4."""
    return normal(unquote(typed.strip()))


def ancestors(path: str) -> list[str]:
    """The path itself and what it stands below, the longest first; none for what no redirect can have."""
    parts = path.removeprefix("/").removesuffix("/").split("/")
    if not path.startswith("/") or not path.isprintable() or not all(parts):
        return []
    found = (normal("/" + "/".join(parts[:length])) for length in range(min(len(parts), MOST_PARTS), 0, -1))
    return [path for path in found if len(path) <= LONGEST_PATH]


def fault_of(path: str) -> str:
    """What keeps a path from being that of a redirect, as a sentence; empty where nothing does."""
    if not path.startswith("/") or path.startswith("//"):
        return _("Leave out https:// and the name of the site: an address begins with one /, such as /guides/old/.")
    for sign in "?#":
        if sign in path:
            return _("Leave out the %(sign)s and what comes after it.") % {"sign": sign}
    if len(path) > LONGEST_PATH:
        return _("An address here has at most %(most)d characters.") % {"most": LONGEST_PATH}
    if not path.isprintable() or any(sign in path for sign in "\\%\ufffd"):
        return _("There are signs in this address that no address has.")
    if any(part in ("", ".", "..") for part in path.strip("/").split("/")) and path != "/":
        return _("An address has no empty parts and no dots alone between its slashes.")
    if len(path.strip("/").split("/")) > MOST_PARTS:
        return _("An address here has at most %(most)d parts.") % {"most": MOST_PARTS}
    return ""
