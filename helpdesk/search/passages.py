"""Passage of a text that fits a query best, with the matches marked; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from helpdesk.search.engines import Phrase
from helpdesk.search.query_expansion import ExpandedQuery
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
    """Return start, end and stem of each word; of a very long text those of the first part."""
    return tuple((start, end, stem(word)) for start, end, word in places(text[:MOST_CHARACTERS]))


def matches(text: str, variants: Mapping[Phrase, float]) -> list[tuple[int, int, float]]:
    """Return start, end and weight of each match, in order, none inside another."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in variants:
        by_first.setdefault(phrase[0], []).append(phrase)
    words = spans(text)
    found = []
    at = 0
    while at < len(words):
        longest = 0
        idf = 0.0
        for phrase in by_first.get(words[at][2], ()):
            if len(phrase) > longest and tuple(word[2] for word in words[at : at + len(phrase)]) == phrase:
                longest, idf = len(phrase), variants[phrase]
        if longest:
            found.append((words[at][0], words[at + longest - 1][1], idf))
        at += longest or 1
    return found


def variants_of(expanded: ExpandedQuery) -> dict[Phrase, float]:
    """Return all phrases to be marked with their weights: the variants of the words that a page must have."""
    variants: dict[Phrase, float] = {}
    for concept in expanded.needed:
        for phrase, likeness in concept.variants.items():
            variants[phrase] = max(variants.get(phrase, 0.0), concept.idf * likeness)
    return variants


def marked(text: str, variants: Mapping[Phrase, float]) -> Marked:
    """Return the whole text in segments, matches apart from the rest."""
    return _segments(text, 0, len(text), matches(text, variants))


def best_start(text: str, variants: Mapping[Phrase, float]) -> tuple[float, int]:
    """Return weight and start of the heaviest passage of a text; each word counts once in it."""
    lower = text.lower() if text.isascii() else ""
    if lower and not any(phrase[0][:SAME_LETTERS] in lower for phrase in variants):
        return 0.0, 0  # spares most parts of most pages the cutting into words
    found = matches(text, variants)[:MOST_MATCHES]
    best = (0.0, 0)
    for first, (start, _, _) in enumerate(found):
        matched_stems: dict[str, float] = {}
        for begin, end, idf in found[first:]:
            if end > start + LENGTH - BEFORE:
                break
            matched_stems[text[begin:end].lower()] = idf
        best = max(best, (sum(matched_stems.values()), -start))
    return best[0], -best[1]


def passage(text: str, variants: Mapping[Phrase, float], start: int) -> Marked:
    """Return the part of a text around `start` in segments, with ellipses where text is left out."""
    begin, end = _window(text, start)
    pieces = list(_segments(text, begin, end, matches(text, variants)))
    if begin:
        pieces.insert(0, ("… ", False))
    if end < len(text):
        pieces.append((" …", False))
    return tuple(pieces)


def _window(text: str, start: int) -> tuple[int, int]:
    """Return start and end of the passage around `start`: whole words, from the start of a sentence if one is near."""
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


def _segments(text: str, begin: int, end: int, found: Iterable[tuple[int, int, float]]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = begin
    for start, stop, _ in found:
        if start < begin or stop <= at or stop > end:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        if start < at and pieces:  # pairs of letters overlap
            pieces[-1] = (pieces[-1][0] + text[at:stop], True)
        else:
            pieces.append((text[start:stop], True))
        at = stop
    if at < end:
        pieces.append((text[at:end], False))
    return tuple(pieces)
