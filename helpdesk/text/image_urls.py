"""Addresses of uploaded pictures: size and narrower versions, read from the address alone.

`/media/<hash>-<width>x<height>.webp` is the picture, and a width before the ending (`-480w`) a narrower one. As the
address says it all, a page can keep the picture's place free without asking the database. The hash is that of what the
file holds, so an address never means another picture. Pure: nothing is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PREFIX = "/media/"

# Nothing is wider: the column of text is some 640 CSS pixels wide, and good screens have two or three dots to a pixel.
WIDEST = 1600
# The narrower ones of each picture that is wider than they are. Pages out there name them, so one may be added to this
# list and none taken away; where a file is missing the picture itself is sent in its place.
WIDTHS = (480, 800, 1200)
# How wide the column of text is at most, and how much of a narrow screen it takes.
COLUMN, MARGINS = 640, 64

DIGEST_LENGTH = 20
_NAME = re.compile(
    rf"(?P<digest>[0-9a-f]{{{DIGEST_LENGTH}}})-(?P<width>[1-9][0-9]{{0,4}})x(?P<height>[1-9][0-9]{{0,4}})"
    r"(?:-(?P<narrow>[1-9][0-9]{2,3})w)?\.webp"
)
# Whatever text or address a picture is named in, as itself or as one of its narrower ones.
_NAMED = re.compile(rf"(?<![0-9a-f])[0-9a-f]{{{DIGEST_LENGTH}}}-[1-9][0-9]{{0,4}}x[1-9][0-9]{{0,4}}(?![0-9])")
_OUR_SRCSET = re.compile(rf"{PREFIX}[0-9a-fwx-]+\.webp [0-9]+w(?:, {PREFIX}[0-9a-fwx-]+\.webp [0-9]+w)*")
_OUR_SIZES = re.compile(r"\(min-width: [0-9]+px\) [0-9]+px, 100vw")
_MARKUP = re.compile(r"([\\`*_{}\[\]()>#+~!|])")
_ENTITY = re.compile(r"&(?=#?\w+;)")


@dataclass(frozen=True, slots=True)
class Picture:
    """Picture described by its address."""

    digest: str
    width: int
    height: int

    @property
    def stem(self) -> str:
        """Common prefix of the names of all its files."""
        return f"{self.digest}-{self.width}x{self.height}"

    @property
    def name(self) -> str:
        return f"{self.stem}.webp"

    @property
    def url(self) -> str:
        return PREFIX + self.name

    @property
    def widths(self) -> tuple[int, ...]:
        """Widths of the narrower versions, the narrowest first."""
        return tuple(width for width in WIDTHS if width < self.width)

    def narrower(self, width: int) -> str:
        """Return the file name of the narrower version of this width."""
        return f"{self.stem}-{width}w.webp"

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all its files, the picture's own first."""
        return (self.name, *map(self.narrower, self.widths))

    @property
    def thumbnail_url(self) -> str:
        """Address of the narrowest version."""
        return PREFIX + (self.narrower(self.widths[0]) if self.widths else self.name)


def named(name: str) -> Picture | None:
    """Return the picture that a file of this name belongs to; None for any other name."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    picture = Picture(found["digest"], int(found["width"]), int(found["height"]))
    return picture if name in picture.names else None


def at(path: str) -> Picture | None:
    """Return the picture at an address such as `/media/….webp`; None where there can be none."""
    return named(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None


def names_in(text: str) -> set[str]:
    """Return the names of all pictures that a text shows or links to."""
    return {f"{stem}.webp" for stem in _NAMED.findall(text)}


def attributes(path: str, width: str = "") -> dict[str, str]:
    """Return the attributes of an `<img>` for the picture at an address; empty for other addresses.

    The height follows from the width: the one given where it is smaller than the picture's own, else that.
    """
    picture = at(path)
    if picture is None:
        return {}
    shown = int(width) if re.fullmatch(r"[1-9][0-9]{0,4}", width) else picture.width
    shown = min(shown, picture.width)
    found = {
        "src": picture.url,
        "width": str(shown),
        "height": str(max(1, round(picture.height * shown / picture.width))),
        "loading": "lazy",
        "decoding": "async",
    }
    if picture.widths:
        column = min(shown, COLUMN)
        files = [(picture.narrower(narrow), narrow) for narrow in picture.widths] + [(picture.name, picture.width)]
        found["srcset"] = ", ".join(f"{PREFIX}{name} {wide}w" for name, wide in files)
        found["sizes"] = f"(min-width: {column + MARGINS}px) {column}px, 100vw"
    return found


def is_attribute(name: str, value: str) -> bool:
    """Return whether an attribute of an `<img>` has a value of the kind that `attributes` gives it."""
    match name:
        case "srcset":
            return bool(_OUR_SRCSET.fullmatch(value))
        case "sizes":
            return bool(_OUR_SIZES.fullmatch(value))
        case "width" | "height":
            return bool(re.fullmatch(r"[1-9][0-9]{0,4}", value))
        case "loading" | "decoding":
            return value in ("lazy", "async")
    return False


def as_markdown(picture: Picture, description: str) -> str:
    """Return the Markdown that shows the picture, with the description escaped."""
    # A backslash says nothing before "<" and "&", so these are written as HTML has them.
    escaped = _MARKUP.sub(r"\\\1", _ENTITY.sub("&amp;", " ".join(description.split()))).replace("<", "&lt;")
    return f"![{escaped}]({picture.url})"
