"""Normal form and validation of paths. Pure: nothing here asks the database."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

from django.utils.translation import gettext

LONGEST_PATH = 200
# The portal's own paths have at most six parts.
MOST_PARTS = 12


def normalize(path: str) -> str:
    """Return the path in lower case, with a slash at its end unless it ends with a file name ("old.html")."""
    bare = unicodedata.normalize("NFC", path).lower().rstrip("/")
    return bare if "." in bare.rpartition("/")[2] else f"{bare}/"


def normalize_typed(typed: str) -> str:
    """Return the normal form of a path that was typed, or copied from a browser, which writes "ä" as %C3%A4."""
    return normalize(unquote(typed.strip()))


def ancestors(path: str) -> list[str]:
    """Return the path and the paths above it, the longest first; none for a path that no redirect can have."""
    parts = path.removeprefix("/").removesuffix("/").split("/")
    if not path.startswith("/") or not path.isprintable() or not all(parts):
        return []
    found = (normalize("/" + "/".join(parts[:length])) for length in range(min(len(parts), MOST_PARTS), 0, -1))
    return [path for path in found if len(path) <= LONGEST_PATH]


def path_problem(path: str) -> str:
    """Return as a sentence why this cannot be the path of a redirect; empty where it can."""
    if not path.startswith("/") or path.startswith("//"):
        return gettext("Leave out https:// and the website's name. Start with a single /, such as /guides/old/.")
    for sign in "?#":
        if sign in path:
            return gettext("Leave out the %(sign)s and everything after it.") % {"sign": sign}
    if len(path) > LONGEST_PATH:
        return gettext("Addresses can have up to %(most)d characters. Enter a shorter one.") % {"most": LONGEST_PATH}
    if not path.isprintable() or any(sign in path for sign in "\\%\ufffd"):
        return gettext("This address contains characters that aren't allowed. Remove them.")
    if any(part in ("", ".", "..") for part in path.strip("/").split("/")) and path != "/":
        return gettext("This address has an empty part, or a part that's only dots. Remove it.")
    if len(path.strip("/").split("/")) > MOST_PARTS:
        return gettext("Addresses can have up to %(most)d parts. Enter a shorter one.") % {"most": MOST_PARTS}
    return ""
