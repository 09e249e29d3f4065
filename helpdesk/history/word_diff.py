"""The difference of two texts word by word: pure, texts in, pieces out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A word with the blanks after it, so that the pieces put together are the text again.
_WORD = re.compile(r"\A\s+|\S+\s*")

# From here on very frequent words are passed over when the texts are matched: nobody waits for seconds.
_LONG = 2_000


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CUT = "cut"  # left out, since it is the same in both


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one kind that follow each other."""

    kind: Kind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """All of both texts in order, what was removed before what came in its place. Kinds of line ends count as equal."""
    old, new = _words(before), _words(after)
    matcher = SequenceMatcher(None, old, new, autojunk=max(len(old), len(new)) > _LONG)
    return list(_pieces(matcher, old, new))


def with_context(pieces: list[Piece], words: int = 12) -> list[Piece]:
    """The pieces with at most so many of the same words before and after each change, the rest cut."""
    shown: list[Piece] = []
    last = len(pieces) - 1
    for place, piece in enumerate(pieces):
        same = _words(piece.text) if piece.kind is Kind.SAME else []
        # Nothing changes before the first piece and after the last one.
        head, tail = words * (place > 0), words * (place < last)
        if len(same) <= head + tail + 1:
            shown.append(piece)
            continue
        shown += [Piece(Kind.SAME, "".join(same[:head]))] * bool(head)
        shown.append(Piece(Kind.CUT, "… "))
        shown += [Piece(Kind.SAME, "".join(same[len(same) - tail :]))] * bool(tail)
    return shown


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("\r\n", "\n").replace("\r", "\n"))


def _pieces(matcher: SequenceMatcher[str], old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(Kind.SAME, "".join(old[i1:i2]))
            continue
        if i1 < i2:
            yield Piece(Kind.REMOVED, "".join(old[i1:i2]))
        if j1 < j2:
            yield Piece(Kind.ADDED, "".join(new[j1:j2]))
