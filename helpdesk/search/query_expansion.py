"""What a query may mean: for each of its words the ways in which pages may say it, and how much it tells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from helpdesk.search.engines import Phrase, engine
from helpdesk.search.tokens import Query, places, stem, stems

# How well another way of saying it fits, against the word itself.
AS_ONE_WORD = 0.95  # "pass code" for "passcode", and the other way round
SYNONYM = 0.85
RESPELLED = 0.9
BEGINNING = 0.6

MOST_BEGINNINGS = 12
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST_SYNONYM = 4  # words


@dataclass(slots=True)
class Thing:
    """One word of a query with all the ways to say it, the best first."""

    word: str
    stem: str
    documents: int  # how many have the word itself
    spread: int = 0  # how many more, about, have it in another way
    ways: dict[Phrase, float] = field(default_factory=dict)
    tells: float = 0.0  # how much a match says: the logarithm of how rare it is
    strong: bool = True  # whether a page has to have it

    def add(self, phrase: Sequence[str], fits: float) -> None:
        key = tuple(phrase)
        if key and fits > self.ways.get(key, 0):
            self.ways[key] = fits


@dataclass(slots=True)
class Meaning:
    """A query as it is looked up."""

    query: Query
    things: list[Thing]
    every: int  # how many documents there are

    @property
    def needed(self) -> list[Thing]:
        """What a page has to say: the strong words that there is any way to say."""
        return [thing for thing in self.things if thing.strong and thing.ways]

    @property
    def unknown(self) -> list[Thing]:
        """The strong words that no page has, in any way."""
        return [thing for thing in self.things if thing.strong and not thing.ways]


def understand(query: Query) -> Meaning:
    """What the words of a query may mean. Two queries, and one for the beginnings of each word that nobody knows."""
    by_word = {word: stem(word) for word in query.words}
    joined = {(a, b): stem(a + b) for a, b in pairwise(query.words)}
    known = engine().documents_with({"", *by_word.values(), *joined.values()})
    every = max(known.get("", 0), 1)

    strong = set(query.strong)
    things = {}
    for word, its_stem in by_word.items():
        thing = Thing(word, its_stem, known.get(its_stem, 0), strong=word in strong)
        if thing.documents:
            thing.add([its_stem], 1.0)
        things[word] = thing
    for (a, b), as_one in joined.items():
        if known.get(as_one):
            things[a].add([as_one], AS_ONE_WORD)
            things[b].add([as_one], AS_ONE_WORD)
    add_synonyms(things, query.words)
    for place, thing in enumerate(things.values(), start=1):
        is_last = place == len(things)
        if len(thing.word) > 1 and (is_last or (thing.strong and not thing.ways and len(thing.word) > 2)):
            for word, documents in engine().words_beginning(thing.word, MOST_BEGINNINGS):
                thing.add([stem(word)], BEGINNING)
                thing.spread += documents
        # A word with a synonym only is as rare as that is taken to be: as a word in few pages.
        rare = thing.documents or (every / 8 if thing.ways else every / 4)
        thing.tells = math.log1p(every / rare) * (1 if thing.strong else 0.3)
    return Meaning(query, list(things.values()), every)


def add_synonyms(things: dict[str, Thing], words: Sequence[str]) -> None:
    """Adds what staff say the words mean. One query."""
    meanings = by_term(engine().synonyms())
    if not meanings:
        return
    in_order = [stem(word) for word in words]
    for length in range(1, LONGEST_SYNONYM + 1):
        for start in range(len(words) - length + 1):
            for phrase in meanings.get(tuple(in_order[start : start + length]), ()):
                for word in words[start : start + length]:
                    things[word].add(phrase, SYNONYM)


@lru_cache(maxsize=4)
def by_term(synonyms: tuple[tuple[str, str, bool], ...]) -> dict[Phrase, list[Phrase]]:
    """For each term, as stems, what it may stand for."""
    found: dict[Phrase, list[Phrase]] = {}
    for said, meant, both_ways in synonyms:
        these, those = terms(said), terms(meant)
        for term in these:
            found.setdefault(term, []).extend(those)
        if both_ways:
            for term in those:
                found.setdefault(term, []).extend(these)
    return found


def terms(text: str) -> list[Phrase]:
    """The terms of a list with commas, each as its stems."""
    return [phrase for term in text.split(",") if (phrase := tuple(stems(term)))]


# Spelling


def respell(meaning: Meaning) -> dict[str, list[str]]:
    """Gives each unknown word the ways of the known words that are close to it, and says which those are.

    All that are about as close as the closest count: which one was meant is seen by what it finds. Two to four queries
    for each word.
    """
    instead: dict[str, list[str]] = {}
    words = meaning.query.words
    for thing in meaning.unknown:
        at = words.index(thing.word)
        found = close_words(thing.word)
        if not found:  # apart what is written as one: "screen shoot" for "screenshot"
            pairs = [words[at - 1] + thing.word] if at else []
            pairs += [thing.word + words[at + 1]] if at + 1 < len(words) else []
            found = [word for pair in pairs for word in close_words(pair)]
        for word in found:
            instead.setdefault(thing.word, []).append(word)
            thing.add([stem(word)], RESPELLED)
        for pair in [] if found else written_as_one(thing.word):
            instead.setdefault(thing.word, []).append(" ".join(pair))
            thing.add([stem(part) for part in pair], RESPELLED)
        if thing.ways:
            thing.tells = math.log1p(meaning.every / max(1.0, meaning.every / 8))
    return instead


def written_as_one(word: str) -> list[tuple[str, str]]:
    """Two known words that a word is made of, one of which may be misspelled: "securtydevice"; the best few.

    One query, and one for each part that nobody knows.
    """
    pairs = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
    known = engine().documents_with({stem(part) for pair in pairs for part in pair}) if pairs else {}
    both = [pair for pair in pairs if all(stem(part) in known for part in pair)]
    if both:
        return both[:MOST_CLOSE]
    one = sorted(
        (max(len(part) for part in pair if stem(part) in known), pair)
        for pair in pairs
        if any(stem(part) in known for part in pair)
    )
    for _, (left, right) in reversed(one[-MOST_CLOSE:]):
        if stem(left) in known:
            found = [(left, other) for other in close_words(right)]
        else:
            found = [(other, right) for other in close_words(left)]
        if found:
            return found
    return []


def spelled(text: str, instead: dict[str, str]) -> str:
    """A text with some of its words in place of others, as it is shown."""
    pieces, at = [], 0
    for start, end, word in places(text):
        pieces += [text[at:start], instead.get(word, text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


# What a difference in a word's first letter counts beside other mistakes, and one in a word that is not yet finished.
FIRST_LETTER, UNFINISHED = 0.25, 0.75
# Words this much further away than the closest are still considered, and no more than so many.
ABOUT_AS_CLOSE, MOST_CLOSE = 0.3, 4


def close_words(word: str, *, loosely: bool = False) -> list[str]:
    """Known words that somebody who typed this may have meant, the closest first; the more frequent of equals.

    Closeness is the number of letters left out, added, changed or swapped (optimal string alignment). One is allowed
    in four letters, two from six on, three from ten on; `loosely` one more. One query, and a second one where no single
    mistake explains it.
    """
    if len(word) < 4 or not word.isalpha():
        return []
    allowed = 1 + (len(word) > 5) + (len(word) > 9) + loosely
    return closest(word, engine().known_words(one_mistake(word)), allowed) or closest(
        word, engine().words_like(word), allowed
    )


def closest(word: str, others: Iterable[tuple[str, int]], allowed: int) -> list[str]:
    """Those of the words that are near enough, and about as near as the nearest."""
    found = []
    for other, documents in others:
        far: float = OSA.distance(word, other)
        if len(other) > len(word):
            far = min(far, OSA.distance(word, other[: len(word)]) + UNFINISHED)
        far += FIRST_LETTER * (word[0] != other[0])
        if far <= allowed and len(other) > 2:
            found.append((far, -documents, other))
    found.sort()
    return [other for far, _, other in found[:MOST_CLOSE] if far <= found[0][0] + ABOUT_AS_CLOSE]


def one_mistake(word: str) -> set[str]:
    """Every word that this is with one letter swapped with the next, left out, changed or added (a to z).

    After Peter Norvig's "How to Write a Spelling Corrector": to look for all of them takes a fraction of the time that
    it takes to compare a word with all others.
    """
    found: set[str] = set()
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        found.update(before + letter + after for letter in _LETTERS)
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in _LETTERS)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found - {word}
