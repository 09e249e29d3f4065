"""Query expansion: stems, synonyms, prefixes and corrections of each word, and its weight."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import OSA

from helpdesk.search.dictionary import frequency, is_far_likelier, is_right_word
from helpdesk.search.engines import Phrase, engine
from helpdesk.search.tokens import STOP_WORDS, WEAK_WORDS, Query, is_pair, other_forms, places, stem, stems

# How well another way of saying it fits, against the word itself.
AS_ONE_WORD = 0.95  # "pass code" for "passcode", and the other way round
SYNONYM = 0.85
RESPELLED = 0.9
BEGINNING = 0.6

MOST_BEGINNINGS = 12
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
LONGEST_SYNONYM = 4  # words
LEAST_LIKELIER = 4  # letters of a right word that may be respelled


@dataclass(slots=True)
class Concept:
    """One word of a query with its variants and their likeness to it."""

    word: str
    stem: str
    documents: int  # how many have the word itself
    spread: int = 0  # how many more, about, have it in another way
    variants: dict[Phrase, float] = field(default_factory=dict)
    idf: float = 0.0  # how much a match says: the logarithm of how rare it is
    strong: bool = True  # whether a page has to have it

    def add(self, phrase: Sequence[str], likeness: float) -> None:
        key = tuple(phrase)
        if key and likeness > self.variants.get(key, 0):
            self.variants[key] = likeness


@dataclass(slots=True)
class ExpandedQuery:
    """Query in the form in which it is looked up."""

    query: Query
    concepts: list[Concept]
    every: int  # how many documents there are
    promises: tuple[tuple[str, str], ...] = ()  # all of them, as the engine has them

    @property
    def needed(self) -> list[Concept]:
        """The concepts that a page must have: strong words with at least one variant."""
        return [concept for concept in self.concepts if concept.strong and concept.variants]

    @property
    def unknown(self) -> list[Concept]:
        """The strong words that are on no page in any variant."""
        return [concept for concept in self.concepts if concept.strong and not concept.variants]

    @property
    def misspelled(self) -> list[Concept]:
        """The unknown words that no dictionary has either."""
        return [one for one in self.unknown if not is_pair(one.word) and not is_right_word(one.word)]


def expand(query: Query) -> ExpandedQuery:
    """Expand the words of a query. Two queries, and one for the prefixes of each unknown word."""
    by_word = {word: stem(word) for word in query.words}
    joined = {(a, b): stem(a + b) for a, b in pairwise(query.words) if not is_pair(a) and not is_pair(b)}
    codes = {word: other_forms(word) for word in query.words}
    parts = {part for forms in codes.values() for form in forms for part in form}
    known = engine().documents_with({"", *by_word.values(), *joined.values(), *parts})
    every = max(known.get("", 0), 1)

    strong = set(query.strong)
    concepts = {}
    for word, its_stem in by_word.items():
        concept = Concept(word, its_stem, known.get(its_stem, 0), strong=word in strong)
        if concept.documents:
            concept.add([its_stem], 1.0)
        concepts[word] = concept
    for (a, b), as_one in joined.items():
        if known.get(as_one):
            concepts[a].add([as_one], AS_ONE_WORD)
            concepts[b].add([as_one], AS_ONE_WORD)
    for word, forms in codes.items():
        for form in forms:
            if all(part in known for part in form):
                concepts[word].add(form, AS_ONE_WORD)
    synonyms, promises = engine().words_of_staff()
    add_synonyms(concepts, query.words, synonyms)
    for place, concept in enumerate(concepts.values(), start=1):
        is_last = place == len(concepts)
        if len(concept.word) > 1 and (is_last or (concept.strong and not concept.variants and len(concept.word) > 2)):
            for word, documents in engine().words_beginning(concept.word, MOST_BEGINNINGS):
                concept.add([stem(word)], BEGINNING)
                concept.spread += documents
        # A word with a synonym only is as rare as that is taken to be: as a word in few pages.
        rare = concept.documents or (every / 8 if concept.variants else every / 4)
        concept.idf = math.log1p(every / rare) * (1 if concept.strong else 0.3)
    return ExpandedQuery(query, list(concepts.values()), every, promises)


def add_synonyms(
    concepts: dict[str, Concept], words: Sequence[str], synonyms: tuple[tuple[str, str, bool], ...]
) -> None:
    """Add the synonyms that staff keep."""
    meanings = synonym_map(synonyms)
    if not meanings:
        return
    in_order = [stem(word) for word in words]
    for length in range(1, LONGEST_SYNONYM + 1):
        for start in range(len(words) - length + 1):
            for phrase in meanings.get(tuple(in_order[start : start + length]), ()):
                for word in words[start : start + length]:
                    concepts[word].add(phrase, SYNONYM)


@lru_cache(maxsize=4)
def synonym_map(synonyms: tuple[tuple[str, str, bool], ...]) -> dict[Phrase, list[Phrase]]:
    """Return the meanings of each term, as stems."""
    found: dict[Phrase, list[Phrase]] = {}
    for said, meant, both_ways in synonyms:
        these, those = terms(said), terms(meant)
        for term in these:
            found.setdefault(term, []).extend(those)
        for term in those if both_ways else ():
            found.setdefault(term, []).extend(these)
    return found


def terms(text: str) -> dict[Phrase, str]:
    """Return the terms of a list with commas by their stems, each as it is written."""
    return {phrase: term.strip() for term in text.split(",") if (phrase := tuple(stems(term)))}


# Spelling


def add_corrections(expanded: ExpandedQuery) -> dict[str, list[str]]:
    """Add similar known words as variants of each unknown word; return those words.

    A right word of the language is taken apart into two known ones ("username"), and respelled only where another word
    is overwhelmingly likely (`dictionary.is_far_likelier`).

    All that are about as close as the closest count: which one was meant is seen by what it finds. Two to four queries
    for each word.
    """
    instead: dict[str, list[str]] = {}
    for concept in expanded.unknown:
        if is_pair(concept.word):
            continue
        is_right = is_right_word(concept.word)
        found = likelier_words(concept.word) if is_right else similar_or_joined(concept.word, expanded.query.words)
        found = found or [" ".join(pair) for pair in split_compound(concept.word, exact=is_right)]
        for others in found:
            instead.setdefault(concept.word, []).append(others)
            concept.add(stems(others), RESPELLED)
        if found:
            concept.idf = math.log1p(expanded.every / max(1.0, expanded.every / 8))
    return instead


def similar_or_joined(word: str, words: Sequence[str]) -> list[str]:
    """Return known words like this one, or like it and a neighbor as one word ("screen shoot" for "screenshot")."""
    if found := similar_words(word):
        return found
    at = words.index(word)
    words = [other if not is_pair(other) else "" for other in words]
    pairs = [words[at - 1] + word] if at else []
    pairs += [word + words[at + 1]] if at + 1 < len(words) else []
    return [other for pair in pairs for other in similar_words(pair)]


def likelier_words(word: str) -> list[str]:
    """Return the known word at one edit from a right word that was meant far more likely; at most one. One query."""
    if len(word) < LEAST_LIKELIER:
        return []
    others = closest(word, engine().known_words(single_edits(word)), 1)
    others = [other for other in others if other not in STOP_WORDS | WEAK_WORDS and is_far_likelier(other, word)]
    return sorted(others, key=frequency)[-1:]


def split_compound(word: str, *, exact: bool = False) -> list[tuple[str, str]]:
    """Return pairs of known words that a word consists of, one of them misspelled at most ("securtydevice").

    None is misspelled where they have to be `exact`. One query, and one for each part that nobody knows.
    """
    pairs = [(word[:at], word[at:]) for at in range(3, len(word) - 2)]
    known = engine().documents_with({stem(part) for pair in pairs for part in pair}) if pairs else {}
    both = [pair for pair in pairs if all(stem(part) in known for part in pair)]
    if both or exact:
        return both[:MOST_CLOSE]
    one = sorted(
        (max(len(part) for part in pair if stem(part) in known), pair)
        for pair in pairs
        if any(stem(part) in known for part in pair)
    )
    for _, (left, right) in reversed(one[-MOST_CLOSE:]):
        if stem(left) in known:
            found = [(left, other) for other in similar_words(right)]
        else:
            found = [(other, right) for other in similar_words(left)]
        if found:
            return found
    return []


def corrected_text(text: str, instead: dict[str, str]) -> str:
    """Return a text with some of its words replaced, for display."""
    pieces, at = [], 0
    for start, end, word in places(text):
        pieces += [text[at:start], instead.get(word, text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


# What a difference in a word's first letter counts beside other mistakes, and one in a word that is not yet finished.
FIRST_LETTER, UNFINISHED = 0.25, 0.75
# Words this much further away than the closest are still considered, and no more than so many.
ABOUT_AS_CLOSE, MOST_CLOSE = 0.3, 4


def similar_words(word: str, *, loosely: bool = False) -> list[str]:
    """Return known words that somebody who typed this may have meant, the closest and most frequent first.

    Closeness is the number of letters left out, added, changed or swapped (optimal string alignment). One is allowed
    in four letters, two from six on, three from ten on; `loosely` one more. One query, and a second one where no single
    mistake explains it.
    """
    if len(word) < 4 or not word.isalpha():
        return []
    allowed = 1 + (len(word) > 5) + (len(word) > 9) + loosely
    return closest(word, engine().known_words(single_edits(word)), allowed) or closest(
        word, engine().words_like(word), allowed
    )


def closest(word: str, others: Iterable[tuple[str, int]], allowed: int) -> list[str]:
    """Return the words within the allowed distance that are about as near as the nearest."""
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


def single_edits(word: str) -> set[str]:
    """Return every word at one edit: a letter swapped with the next, left out, changed or added (a to z).

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
