"""The difference between two texts in words: what was added, what was taken away, and some words around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CUT = "cut"  # unchanged, and left out


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, and what happened to it."""

    kind: Kind
    text: str


# A word, with what holds its parts together; a line break with the blanks around it; blanks; other signs one by one.
_TOKEN = re.compile(r"\w+(?:[.,'’:/@-]\w+)*|[^\S\n]*\n\s*|[^\S\n]+|[^\w\s]")

# Comparing takes the product of the two lengths at worst: beyond it whole lines are compared, and beyond that nothing.
_MOST_STEPS = 2_000_000

# So many words are left on each side of a change.
_AROUND = 10


def differences(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in reading order: without the added ones it is the old, without the removed the new."""
    return list(_joined(_smoothed(list(_compared(tokens(old), tokens(new))))))


def tokens(text: str) -> list[str]:
    """The words, signs and gaps of a text; put together they are the text."""
    return _TOKEN.findall(text)


def shortened(pieces: list[Piece]) -> list[Piece]:
    """The pieces with long unchanged stretches cut to some words beside the changes."""
    short: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind is Kind.SAME:
            short += _cut(piece.text, before=place > 0, after=place + 1 < len(pieces))
        else:
            short.append(piece)
    return short


def as_html(pieces: Iterable[Piece]) -> SafeString:
    """The pieces as `ins` and `del`, each with a word for those who do not see the difference."""
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece: Piece) -> SafeString:
    match piece.kind:
        case Kind.ADDED:
            return format_html(
                '<ins><span class="visually-hidden">{} </span>{}</ins>', _("added:"), _visible(piece.text)
            )
        case Kind.REMOVED:
            return format_html(
                '<del><span class="visually-hidden">{} </span>{}</del>', _("removed:"), _visible(piece.text)
            )
        case Kind.CUT:
            return format_html(' <span class="cut">{}</span> ', "…")
    return format_html("{}", piece.text)


def _visible(text: str) -> str:
    """A change of nothing but blanks and line breaks would not be seen."""
    return text if text.strip() else text.replace("\n", "↵\n").replace(" ", "␣")


def _compared(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    """Token by token; the equal beginnings and ends, most of a text, cost next to nothing."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield from ((Kind.SAME, token) for token in old[:start])
    yield from _matched(old[start : len(old) - end], new[start : len(new) - end])
    yield from ((Kind.SAME, token) for token in old[len(old) - end :])


def _common(one: list[str], other: list[str]) -> int:
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _matched(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    if len(old) * len(new) <= _MOST_STEPS:
        yield from _by_matcher(old, new)
        return
    old_lines, new_lines = _lines(old), _lines(new)
    if len(old_lines) == len(old) or len(old_lines) * len(new_lines) > _MOST_STEPS:
        yield from ((Kind.REMOVED, token) for token in old)
        yield from ((Kind.ADDED, token) for token in new)
        return
    yield from _by_matcher(old_lines, new_lines)


def _lines(words: list[str]) -> list[str]:
    return "".join(words).splitlines(keepends=True)


def _by_matcher(old: list[str], new: list[str]) -> Iterator[tuple[Kind, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Kind.SAME, token) for token in old[a:b])
        else:
            yield from ((Kind.REMOVED, token) for token in old[a:b])
            yield from ((Kind.ADDED, token) for token in new[c:d])


def _smoothed(steps: list[tuple[Kind, str]]) -> Iterator[tuple[Kind, str]]:
    """A gap or sign alone between two changes counts as changed: "one two" for "three four" reads as one change."""
    runs = [(same, list(run)) for same, run in groupby(steps, lambda step: step[0] is Kind.SAME)]
    for place, (same, run) in enumerate(runs):
        alone = same and 0 < place < len(runs) - 1 and not any(_is_word(token) for _kind, token in run)
        if alone and "\n" not in "".join(token for _kind, token in run):
            yield from ((kind, token) for kind in (Kind.REMOVED, Kind.ADDED) for _same, token in run)
        else:
            yield from run


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


def _joined(steps: Iterable[tuple[Kind, str]]) -> Iterator[Piece]:
    """Steps of one kind as one piece; in a stretch of changes what was removed comes first."""
    for changed, stretch in groupby(steps, lambda step: step[0] is not Kind.SAME):
        found = list(stretch)
        for kind in (Kind.REMOVED, Kind.ADDED) if changed else (Kind.SAME,):
            if text := "".join(token for its_kind, token in found if its_kind is kind):
                yield Piece(kind, text)


def _cut(text: str, *, before: bool, after: bool) -> Iterator[Piece]:
    """An unchanged stretch: some words where a change is before or after it, the rest cut."""
    words = tokens(text)
    ends = [place for place, token in enumerate(words) if _is_word(token)]
    if len(ends) <= _AROUND * (before + after) + 4:
        yield Piece(Kind.SAME, text)
        return
    if before:
        yield Piece(Kind.SAME, "".join(words[: ends[_AROUND - 1] + 1]))
    yield Piece(Kind.CUT, "")
    if after:
        yield Piece(Kind.SAME, "".join(words[ends[-_AROUND] :]))
