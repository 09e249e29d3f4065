"""In what order the documents come that an engine has found; pure, and the same for both databases.

The formula: for each word of the query how much it tells (the logarithm of how rare it is) times how much the best
place counts where the document has it, all divided by what the words could have brought at most. To this come bonuses
for words that stand together, for a title that is all said, for a keyword that is all said. Before all of it stands
the document whose message on the screen is in the query.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from helpdesk.search.engines import Row
from helpdesk.search.query_expansion import Meaning
from helpdesk.search.tokens import STOP_WORDS, WEAK_WORDS, is_scrap, stem, stems

TITLE, MESSAGE, KEYWORDS, CONTEXT, BODY = 1.0, 1.0, 0.7, 0.5, 0.3
ELSEWHERE_TOO = 0.3  # what further places count beside the best one
OFTEN = 3  # so many times in the text is as often as can be
# Bonuses: for words that stand together, for a title and for a keyword that are all said.
TOGETHER, COVERED, WHOLE_KEYWORD = 0.25, 0.35, 0.2
PREFERRED_GUIDE = 1.2
# A document with all the words comes before those with some. Only in a whole sentence, of more than so many words that
# tell something, it must not be further behind the best than this: there all words stand together by chance.
A_SENTENCE = 2
FAR_BEHIND = 0.4

_STOP_STEMS = frozenset(map(stem, STOP_WORDS))
_WEAK_STEMS = frozenset(map(stem, WEAK_WORDS))


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document in the order."""

    row: Row
    complete: bool  # it has all the words
    quoted: bool  # the query has its message on the screen
    named: bool  # the query names the guide it stands in
    score: float


class Yardstick:
    """A query made ready to be held against many documents."""

    def __init__(self, meaning: Meaning, guide: str) -> None:
        needed = {thing.word for thing in meaning.needed}
        self.things = [
            (
                thing.tells,
                thing.word in needed,
                [(f" {' '.join(phrase)} ", phrase, fits) for phrase, fits in thing.ways.items()],
            )
            for thing in meaning.things
        ]
        self.possible = sum(thing.tells for thing in meaning.things) or 1.0
        self.phrases = [f" {' '.join(phrase)} " for phrase in meaning.query.phrases]
        self.asked = [thing.stem for thing in meaning.things]
        self.pairs = [f" {a} {b} " for a, b in pairwise(self.asked) if not {a, b} <= _STOP_STEMS]
        self.spoken = frozenset(self.asked)
        self.ways = frozenset(phrase for thing in meaning.things for phrase in thing.ways)
        self.guide = f"/guides/{guide}/" if guide else None

    def together(self, *texts: str) -> float:
        """What part of the query's neighbouring words stand together in one of the texts."""
        if not self.pairs:
            return 0.0
        all_texts = "|".join(texts)
        return sum(pair in all_texts for pair in self.pairs) / len(self.pairs)

    def names(self, place: str) -> bool:
        """Whether the query names a guide or a topic by its short title, or by a synonym of it."""
        name = stems_of_place(place)
        return bool(name) and (self.spoken.issuperset(name) or name in self.ways)

    def quotes(self, message: str) -> bool:
        """Whether the query has the words of a message, in order, all but those that change ("attempt #N")."""
        words = [word for word in message.split() if not is_scrap(word)]
        if len(words) < 2 or not self.spoken.issuperset(words):
            return False
        rest = iter(self.asked)
        return all(word in rest for word in words)


def ranked(rows: Iterable[Row], meaning: Meaning, *, guide: str = "") -> list[Ranked]:
    """The documents in order, the best first."""
    yardstick = Yardstick(meaning, guide)
    found = [rank(row, yardstick) for row in rows]
    best = max((one.score for one in found), default=0.0)
    enough = FAR_BEHIND * best if len(meaning.needed) > A_SENTENCE else 0.0
    return sorted(
        found,
        key=lambda one: (
            not one.quoted,
            not (one.complete and one.score >= enough),
            -one.score,
            one.row.number,
        ),
    )


def rank(row: Row, yardstick: Yardstick) -> Ranked:
    """One document with its score."""
    title, message, keywords, context, body = [f" {text} " for text in row[-5:]]
    weighed = ((title, TITLE), (message, MESSAGE), (keywords, KEYWORDS), (context, CONTEXT))
    said = found = 0.0
    everything = f"{title}|{message}|{keywords}|{context}|{body}"
    complete = all(phrase in everything for phrase in yardstick.phrases)
    told: set[str] = set()  # the stems of this document that the query said
    for tells, is_needed, ways in yardstick.things:
        best = 0.0
        for words, phrase, fits in ways:
            if words not in everything:
                continue
            told.update(phrase)
            places = [weight for text, weight in weighed if words in text]
            if often := body.count(words):
                places.append(BODY * (1 + min(often, OFTEN) / OFTEN) / 2)
            most = max(places)
            best = max(best, fits * (most + ELSEWHERE_TOO * (sum(places) - most)))
        if best:
            said += tells * best
            found += tells
        elif is_needed:
            complete = False
    bonus = TOGETHER * yardstick.together(title, message, keywords)
    bonus += COVERED * covered(title, told) + WHOLE_KEYWORD * whole_keyword(keywords, told)
    score = (said + found * bonus) / yardstick.possible
    is_named = yardstick.names(row.place)
    if is_named or (yardstick.guide and yardstick.guide in row.path):
        score *= PREFERRED_GUIDE
    return Ranked(row, complete, yardstick.quotes(message), is_named, score)


@lru_cache(maxsize=1_000)
def stems_of_place(place: str) -> tuple[str, ...]:
    """The stems of a guide's or a topic's name."""
    return tuple(stems(place))


@lru_cache(maxsize=10_000)
def telling(text: str) -> frozenset[str]:
    """The stems of a short text that say what it is about."""
    return frozenset(word for word in text.split() if word not in _STOP_STEMS and not is_scrap(word))


def covered(title: str, told: set[str]) -> float:
    """What part of the title's words the query said."""
    words = telling(title)
    words = words - _WEAK_STEMS or words
    return len(words & told) / len(words) if words else 0.0


@lru_cache(maxsize=2_000)
def telling_keywords(keywords: str) -> tuple[frozenset[str], ...]:
    """The telling stems of each keyword."""
    return tuple(words for words in map(telling, keywords.strip().split(" , ")) if words)


def whole_keyword(keywords: str, told: set[str]) -> float:
    """1 where a keyword of several words is all said, a half for one of a single word, else 0."""
    best = 0.0
    for words in telling_keywords(keywords):
        if words <= told:
            if len(words) > 1:
                return 1.0
            best = 0.5
    return best
