"""The part of a text that fits a query best, with the words marked; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from helpdesk.search.engines import Phrase
from helpdesk.search.query_expansion import Meaning
from helpdesk.search.results import Marked
from helpdesk.search.tokens import places, stem

# A passage is about two lines long, and begins a little before its first match.
LENGTH = 190
BEFORE = 40
MOST_CHARACTERS = 10_000
MOST_MATCHES = 200

# A word and its stem have at least these first letters in common.
SAME_LETTERS = 3

Spans = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=2_000)
def spans(text: str) -> Spans:
    """Where each word of a text begins and ends, and its stem; of a very long text the first part."""
    return tuple((start, end, stem(word)) for start, end, word in places(text[:MOST_CHARACTERS]))


def matches(text: str, ways: Mapping[Phrase, float]) -> list[tuple[int, int, float]]:
    """Where a text says one of these, and how much each match tells; in order, none inside another."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in ways:
        by_first.setdefault(phrase[0], []).append(phrase)
    words = spans(text)
    found = []
    at = 0
    while at < len(words):
        longest = 0
        tells = 0.0
        for phrase in by_first.get(words[at][2], ()):
            if len(phrase) > longest and tuple(word[2] for word in words[at : at + len(phrase)]) == phrase:
                longest, tells = len(phrase), ways[phrase]
        if longest:
            found.append((words[at][0], words[at + longest - 1][1], tells))
        at += longest or 1
    return found


def ways_of(meaning: Meaning) -> dict[Phrase, float]:
    """All that is marked, and how much each tells: what the query's telling words may be said by."""
    ways: dict[Phrase, float] = {}
    for thing in meaning.needed:
        for phrase, fits in thing.ways.items():
            ways[phrase] = max(ways.get(phrase, 0.0), thing.tells * fits)
    return ways


def marked(text: str, ways: Mapping[Phrase, float]) -> Marked:
    """The whole text in pieces, matches apart from the rest."""
    return _pieces(text, 0, len(text), matches(text, ways))


def best_start(text: str, ways: Mapping[Phrase, float]) -> tuple[float, int]:
    """How much the passage of a text tells that tells the most, and where it starts; each word counts once in it."""
    lower = text.lower() if text.isascii() else ""
    if lower and not any(phrase[0][:SAME_LETTERS] in lower for phrase in ways):
        return 0.0, 0  # spares most parts of most pages the cutting into words
    found = matches(text, ways)[:MOST_MATCHES]
    best = (0.0, 0)
    for first, (start, _, _) in enumerate(found):
        told: dict[str, float] = {}
        for begin, end, tells in found[first:]:
            if end > start + LENGTH - BEFORE:
                break
            told[text[begin:end].lower()] = tells
        best = max(best, (sum(told.values()), -start))
    return best[0], -best[1]


def passage(text: str, ways: Mapping[Phrase, float], start: int) -> Marked:
    """The part of a text around `start`, in pieces, with dots where something is left out."""
    begin, end = _window(text, start)
    pieces = list(_pieces(text, begin, end, matches(text, ways)))
    if begin:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return tuple(pieces)


def _window(text: str, start: int) -> tuple[int, int]:
    """Where a passage around `start` begins and ends: at whole words, at the beginning of a sentence if one is near."""
    if len(text) <= LENGTH:
        return 0, len(text)
    begin = max(0, min(start - BEFORE, len(text) - LENGTH))
    sentence = max(text.rfind(mark, max(0, start - 2 * BEFORE), start) for mark in (". ", "? ", "! ", "\n"))
    if sentence >= 0:
        begin = sentence + (1 if text[sentence] == "\n" else 2)
    elif begin:
        begin = text.find(" ", begin, start) + 1 or begin
    end = min(len(text), begin + LENGTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start) if " " in text[start:end] else end
    return begin, end


def _pieces(text: str, begin: int, end: int, found: Iterable[tuple[int, int, float]]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = begin
    for start, stop, _ in found:
        if start < at or stop > end:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:stop], True))
        at = stop
    if at < end:
        pieces.append((text[at:end], False))
    return tuple(pieces)
