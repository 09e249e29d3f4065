"""Line breaks for text in SVG, which has none: the estimated width of a text, and its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

# Widths as shares of the font size, a little more than in the fonts of the admin, so that nothing sticks out.
_NARROW, _WIDE = frozenset("fijlrtI.,:;'|!()[]{}/ ‘’“”·"), frozenset("mwMW@%…—")

# Where a line may end: not at a no-break space ("70 %").
_BLANKS = re.compile(r"[ \t\r\n]+")


def width(text: str, size: float) -> float:
    """Return the estimated width of a text in a font size."""
    return sum(map(_share, text)) * size


def _share(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1.1
    if letter in _NARROW:
        return 0.4
    if letter in _WIDE:
        return 1.0
    return 0.76 if letter.isupper() else 0.64


def wrap(text: str, *, room: float, size: float, lines: int) -> list[str]:
    """Break a text into at most so many lines that are no wider than the room; the last one is cut with "…"."""
    found: list[str] = []
    for line in _lines(text, room, size):
        if len(found) == lines:
            found[-1] = _cut(f"{found[-1]} {line}", room, size)
            break
        found.append(line)
    return found


def _lines(text: str, room: float, size: float) -> Iterator[str]:
    line = ""
    for word in filter(None, _BLANKS.split(text)):
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            yield line
        while width(word, size) > room:
            part = _fitting(word, room, size)
            yield part
            word = word[len(part) :]
        line = word
    if line:
        yield line


def _fitting(word: str, room: float, size: float) -> str:
    """Return the beginning of a word that fits, at least one letter."""
    end = 1
    while end < len(word) and width(word[: end + 1], size) <= room:
        end += 1
    return word[:end]


def _cut(text: str, room: float, size: float) -> str:
    """Return the beginning of a text that fits with "…" after it."""
    return _fitting(text, room - width("…", size), size).rstrip() + "…"
