"""Promised searches: the pages that staff pin to words, and the words that a page is promised for."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from helpdesk.addresses.pages import short_path
from helpdesk.content.kinds import kind_named
from helpdesk.content.search_text import SearchText
from helpdesk.search.engines import engine
from helpdesk.search.query_expansion import RESPELLED, ExpandedQuery
from helpdesk.search.tokens import STOP_WORDS, WEAK_WORDS, stem, words

Phrase = frozenset[str]


def link_of(text: SearchText) -> str:
    """Return the link that never changes by which a promise names a page: its short link, where it has one."""
    kind = kind_named(text.kind)
    return text.link or (short_path(kind, text.number) if kind.letter else text.path)


def phrases_by_page() -> dict[str, list[str]]:
    """Return the phrases that each page is promised for, by the page's link. One query."""
    found: dict[str, list[str]] = defaultdict(list)
    for said, page in engine().promises():
        found[page] += said.splitlines()
    return found


def promised_pages(expanded: ExpandedQuery) -> frozenset[str]:
    """Return the links of the pages that are promised for these words.

    A phrase holds for a query that has all its words, in any order and however they are spelled, and of whose words
    that tell something it is more than two thirds: "account hacked" holds for "my account was hacked", "call" not for
    "call drops when I trade". One of words that tell little ("is it down") holds only for a query of nothing else.
    """
    said, telling = set(), set()
    for concept in expanded.concepts:
        its = {phrase[0] for phrase, likeness in concept.variants.items() if len(phrase) == 1 and likeness >= RESPELLED}
        said |= its | {concept.stem}
        if concept.word not in STOP_WORDS | WEAK_WORDS:
            telling.add(concept.word)
    asked = _phrase(expanded.query.text)
    found = set()
    for page, phrases in phrase_map(expanded.promises).items():
        for phrase, weight in phrases:
            if phrase == asked or (phrase <= said and weight and 3 * weight > 2 * len(telling)):
                found.add(page)
    return frozenset(found)


@lru_cache(maxsize=4)
def phrase_map(promises: tuple[tuple[str, str], ...]) -> dict[str, list[tuple[Phrase, int]]]:
    """Return the phrases of each page as stems, each with the number of its words that tell something."""
    found: dict[str, list[tuple[Phrase, int]]] = defaultdict(list)
    for said, page in promises:
        for line in said.splitlines():
            if phrase := _phrase(line):
                weight = len({word for word in words(line) if word not in STOP_WORDS | WEAK_WORDS})
                found[page].append((phrase, weight))
    return found


def _phrase(text: str) -> Phrase:
    """Return the stems of a text without stop words; of nothing but stop words all of them."""
    said = words(text)
    return frozenset(map(stem, [word for word in said if word not in STOP_WORDS] or said))
