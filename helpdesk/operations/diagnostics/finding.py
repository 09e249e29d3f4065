"""What one look at the deployment has found."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import NamedTuple


class Level(Enum):
    GOOD = "ok"
    LOOK = "look"  # a choice that may be meant
    WRONG = "wrong"  # something fails, or will


class Finding(NamedTuple):
    """A sentence on what there is, and for all that is not good one on what to do."""

    level: Level
    text: str
    mend: str = ""


Check = Callable[[], Finding]


def good(text: str) -> Finding:
    return Finding(Level.GOOD, text)


def look(text: str, mend: str) -> Finding:
    return Finding(Level.LOOK, text, mend)


def wrong(text: str, mend: str) -> Finding:
    return Finding(Level.WRONG, text, mend)


def counted(count: int, one: str, more: str = "") -> str:
    """ "1 file", "2 files"."""
    return f"{count} {one if count == 1 else more or one + 's'}"
