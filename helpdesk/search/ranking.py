"""Ranking of the documents that an engine has found; pure, and the same for both databases.

The formula: for each word of the query how much it tells (the logarithm of how rare it is) times how much the best
place counts where the document has it, all divided by what the words could have brought at most. To this come bonuses
for words that stand together, for a title that is all said, for a keyword that is all said. Before all of it stands
the document whose message on the screen is in the query.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from helpdesk.search.engines import DocumentRow
from helpdesk.search.query_expansion import ExpandedQuery
from helpdesk.search.tokens import STOP_WORDS, WEAK_WORDS, is_fragment, stem, stems

TITLE, MESSAGE, KEYWORDS, CONTEXT, BODY = 1.0, 1.0, 0.7, 0.5, 0.3
ELSEWHERE_TOO = 0.3  # what further places count beside the best one
OFTEN = 3  # so many times in the text is as often as can be
# Bonuses: for words that stand together, for a title and for a keyword that are all said.
TOGETHER, COVERED, WHOLE_KEYWORD = 0.25, 0.35, 0.2
PREFERRED_GUIDE = 1.2
# A guide is about all of its situations: it comes before them where its own title says all that was asked.
GUIDE, GENERAL = "guide", 2.0
# A document with all the words comes before those with some. Only in a whole sentence, of more than so many words that
# tell something, it must not be further behind the best than this: there all words stand together by chance.
A_SENTENCE = 2
WHOLE_TITLE = 4  # words, at least
FAR_BEHIND = 0.4

_STOP_STEMS = frozenset(map(stem, STOP_WORDS))
_WEAK_STEMS = frozenset(map(stem, WEAK_WORDS))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document with its score."""

    row: DocumentRow
    complete: bool  # it has all the words
    quoted: bool  # the query has its message on the screen
    named: bool  # the query names the guide it stands in
    promised: bool  # it is pinned to the words of the query
    titled: bool  # the query has its whole title, word for word
    score: float


class Scorer:
    """Query prepared for scoring many documents."""

    def __init__(self, expanded: ExpandedQuery, guide: str, promised: Set[str] = frozenset()) -> None:
        self.promised = promised
        needed = {concept.word for concept in expanded.needed}
        self.concepts = [
            (
                concept.idf,
                concept.word in needed,
                [(f" {' '.join(phrase)} ", phrase, likeness) for phrase, likeness in concept.variants.items()],
            )
            for concept in expanded.concepts
        ]
        self.possible = sum(concept.idf for concept in expanded.concepts) or 1.0
        self.phrases = [f" {' '.join(phrase)} " for phrase in expanded.query.phrases]
        self.asked = [concept.stem for concept in expanded.concepts]
        self.pairs = [f" {a} {b} " for a, b in pairwise(self.asked) if not {a, b} <= _STOP_STEMS]
        self.spoken = frozenset(self.asked)
        self.variants = frozenset(phrase for concept in expanded.concepts for phrase in concept.variants)
        self.guide = f"/guides/{guide}/" if guide else None

    def together(self, *texts: str) -> float:
        """Return the share of the query's neighboring words that are adjacent in one of the texts."""
        if not self.pairs:
            return 0.0
        all_texts = "|".join(texts)
        return sum(pair in all_texts for pair in self.pairs) / len(self.pairs)

    def names(self, place: str) -> bool:
        """Return whether the query names a guide or topic by its short title or a synonym of it."""
        name = stems_of_place(place)
        return bool(name) and (self.spoken.issuperset(name) or name in self.variants)

    def says(self, title: str) -> bool:
        """Return whether the query has a title of some words as it is written, which comes before what is promised."""
        return len(title.split()) >= WHOLE_TITLE and title in f" {' '.join(self.asked)} "

    def quotes(self, message: str) -> bool:
        """Return whether the query has the words of a message in order, apart from those that vary ("attempt #N")."""
        words = [word for word in message.split() if not is_fragment(word)]
        if len(words) < 2 or not self.spoken.issuperset(words):
            return False
        rest = iter(self.asked)
        return all(word in rest for word in words)


def ranked(
    rows: Iterable[DocumentRow], expanded: ExpandedQuery, *, guide: str = "", promised: Set[str] = frozenset()
) -> list[Ranked]:
    """Return the documents, best first; before all others those with a `promised` link."""
    scorer = Scorer(expanded, guide, promised)
    found = [rank(row, scorer) for row in rows]
    best = max((one.score for one in found), default=0.0)
    enough = FAR_BEHIND * best if len(expanded.needed) > A_SENTENCE else 0.0
    return sorted(
        found,
        key=lambda one: (
            not one.titled,
            not one.promised,
            not one.quoted,
            not (one.complete and one.score >= enough),
            -one.score,
            one.row.number,
        ),
    )


def rank(row: DocumentRow, scorer: Scorer) -> Ranked:
    """Return one document with its score."""
    title, message, keywords, context, body = [f" {text} " for text in row[-5:]]
    weighed = ((title, TITLE), (message, MESSAGE), (keywords, KEYWORDS), (context, CONTEXT))
    said = found = 0.0
    everything = f"{title}|{message}|{keywords}|{context}|{body}"
    complete = all(phrase in everything for phrase in scorer.phrases)
    matched_stems: set[str] = set()  # the stems of this document that the query said
    is_general = row.kind == GUIDE
    for idf, is_needed, variants in scorer.concepts:
        best = 0.0
        is_general = is_general and (not is_needed or any(words in title for words, _, _ in variants))
        for words, phrase, likeness in variants:
            if words not in everything:
                continue
            matched_stems.update(phrase)
            places = [weight for text, weight in weighed if words in text]
            if often := body.count(words):
                places.append(BODY * (1 + min(often, OFTEN) / OFTEN) / 2)
            most = max(places)
            best = max(best, likeness * (most + ELSEWHERE_TOO * (sum(places) - most)))
        if best:
            said += idf * best
            found += idf
        elif is_needed:
            complete = False
    bonus = TOGETHER * scorer.together(title, message, keywords)
    bonus += COVERED * title_coverage(title, matched_stems) + WHOLE_KEYWORD * keyword_coverage(keywords, matched_stems)
    score = (said + found * bonus) / scorer.possible
    is_named = scorer.names(row.place)
    if is_named or (scorer.guide and scorer.guide in row.path):
        score *= PREFERRED_GUIDE
    if is_general:
        score *= GENERAL
    is_titled = bool(scorer.promised) and scorer.says(title)
    return Ranked(row, complete, scorer.quotes(message), is_named, row.link in scorer.promised, is_titled, score)


@lru_cache(maxsize=1_000)
def stems_of_place(place: str) -> tuple[str, ...]:
    """Return the stems of a guide's or topic's name."""
    return tuple(stems(place))


@lru_cache(maxsize=10_000)
def content_stems(text: str) -> frozenset[str]:
    """Return the stems of a short text without stop words."""
    return frozenset(word for word in text.split() if word not in _STOP_STEMS and not is_fragment(word))


def title_coverage(title: str, matched_stems: set[str]) -> float:
    """Return the share of the title's words that the query has."""
    words = content_stems(title)
    words = words - _WEAK_STEMS or words
    return len(words & matched_stems) / len(words) if words else 0.0


@lru_cache(maxsize=2_000)
def keyword_stems(keywords: str) -> tuple[frozenset[str], ...]:
    """Return the content stems of each keyword."""
    return tuple(words for words in map(content_stems, keywords.strip().split(" , ")) if words)


def keyword_coverage(keywords: str, matched_stems: set[str]) -> float:
    """Return 1 where the query has a whole keyword of several words, a half for one of a single word, else 0."""
    best = 0.0
    for words in keyword_stems(keywords):
        if words <= matched_stems:
            if len(words) > 1:
                return 1.0
            best = 0.5
    return best
