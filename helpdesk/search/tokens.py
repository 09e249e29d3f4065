"""Tokenizer of queries and pages: words, stems, stop words; pure.

Both databases are given these words and stems and nothing else. So they agree on what a word is, and nothing that
anybody types can be read as the query language of either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from threading import local

import snowballstemmer

# More than this of a query is not looked at, whatever is pasted.
MOST_CHARACTERS = 200
MOST_WORDS = 24
LONGEST_WORD = 40
# A code has so many signs at least, and consists of so many parts at most.
LEAST_CODE, MOST_CODE_PARTS = 4, 4

_SPACE = re.compile(r"\s")
# Letters and digits; an apostrophe inside a word belongs to it.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Scripts that are written without blanks: Thai, Lao, Burmese, Khmer, kana and Han. Marks belong to the letter before.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\uff66-\uff9f\U00020000-\U0003ffff"
_LETTER = f"(?:(?![{_UNSPACED}])[^\\W_])"
_ANY_WORD = re.compile(f"[{_UNSPACED}]+|{_LETTER}+(?:['’]{_LETTER}+)*")
_RUN = re.compile(f"[{_UNSPACED}]")
# Parts of a code: letters and digits apart ("e1042" is "e" and "1042").
_CODE_PARTS = re.compile(r"[a-z]+|[0-9]+")
_QUOTED = re.compile(r'"([^"]*)"')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟❝❞", '"'))
# Letters that no normal form takes apart.
_PLAIN_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "'": None, "’": None})

# Words that say nothing of what a page is about.
_SAY_NOTHING = """
    a about after all also am an and any are as at be because been before being but by can could dear did do does
    doing feel for from gave get gets getting give given gives got had has have having he hello her hi his how i
    if in into is it its just let like may me might mine must my no not of on or our please she should so some
    take takes thank thanks that the their them then there these they this those to too us very was we were what
    when where which while who why will with would you your yours s t m re ve d ll
"""
STOP_WORDS = frozenset(_SAY_NOTHING.split())
# Words that stand in too many queries to be asked for: they may help to rank, but need not be found.
_SAY_LITTLE = """
    again ago already always another anymore anything around ask asked asks away back bad come comes coming
    constantly day days down each else error even ever every everything far find first fine go goes going gone
    good great happen happened happens help here hour hours ill issue keep keeps kind know last later left little
    long longer look looks lot made make makes many message minute minutes moment month months more morning most
    much near need needs new next nothing now number numbers off often old one only open opened opens other own
    popup problem problems put quite really right said same saw saying says screen see seem seems shall show
    showing shown shows since something sometimes soon still stuck sudden suddenly sure tell telling tells than
    thing things think time times today together told tomorrow tonight try trying tried tries two unable under
    until up use using want wanted wants way week weeks well went whole work working worked works write wrote year
    years yesterday yet monday tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december
"""
WEAK_WORDS = frozenset(_SAY_LITTLE.split())

# All ways to say no are one to the search: "doesn't work", "does not work" and "won't work".
_SAY_NO = """
    cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt arent never wasnt werent wont wouldnt
"""
_NEGATIONS = frozenset(_SAY_NO.split())
_HEXADECIMAL = re.compile(r"[0-9a-f]{4,}")
_ENDINGS = frozenset({"d", "ll", "m", "re", "s", "ve"})  # after an apostrophe: "I'd", "user's"

_stemmers = local()  # a stemmer keeps the word it is at in itself


def clean(typed: str) -> str:
    """Return a query in one line for display: normalized, without invisible characters.

    At most 200 characters; of a longer text the first ones, as whole words where there are any.
    """
    line = " ".join(visible(typed[: 4 * MOST_CHARACTERS]).split())
    if len(line) <= MOST_CHARACTERS:
        return line
    return ((line[: MOST_CHARACTERS + 1].rpartition(" ")[0]) or line)[:MOST_CHARACTERS]


def visible(text: str) -> str:
    """Return the text in normal form NFKC, without invisible characters (soft hyphen, NUL)."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", text))
    return plain if plain.isprintable() else "".join(c for c in plain if c.isprintable())


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Fold a word: no case, accents or apostrophes ("Café" is "cafe", "user's" is "user"); at most 40 characters."""
    before, _, ending = word.replace("’", "'").rpartition("'")
    if before and ending.lower() in _ENDINGS:
        word = before
    if not word.isascii():
        apart = unicodedata.normalize("NFKD", word).casefold()
        word = "".join(c for c in apart if not unicodedata.combining(c))
    plain = word.lower().translate(_PLAIN_LETTERS)[:LONGEST_WORD]
    return "not" if plain in _NEGATIONS else plain


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the stem of a folded word by Porter's second English stemmer ("printed" is "print")."""
    if len(word) < 4 or not word.isalpha():
        return word
    try:
        stemmer = _stemmers.english
    except AttributeError:
        stemmer = _stemmers.english = snowballstemmer.stemmer("english")
    return stemmer.stemWord(word)


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and folded form of each word of a text, in order.

    Text in a script without blanks is cut into pairs of letters that overlap, which need no dictionary. See Nie, Gao,
    Zhang and Zhou, "On the use of words and n-grams for Chinese information retrieval" (2000): pairs find as well.
    """
    for found in (_WORD if text.isascii() else _ANY_WORD).finditer(text):
        if _RUN.match(found[0]):
            yield from _pairs(found[0], found.start())
        elif word := fold(found[0]):
            yield found.start(), found.end(), word


def _pairs(run: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and folded form of each two letters in a run that begins `at`; of a single letter that one.

    Marks above and below a letter are left out, since the databases cut words at them.
    """
    letters = [(place, fold_letter(letter)) for place, letter in enumerate(run, start=at)]
    letters = [(place, letter) for place, letter in letters if letter]
    ends = [*(place for place, _ in letters[1:]), at + len(run)]
    if len(letters) == 1:
        yield letters[0][0], ends[0], letters[0][1]
    for (start, first), (_, second), end in zip(letters, letters[1:], ends[1:], strict=False):
        yield start, end, first + second


@lru_cache(maxsize=20_000)
def fold_letter(letter: str) -> str:
    """Fold a letter of a script without blanks; empty for a mark or a sign."""
    apart = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(c for c in apart if c.isalnum())


def is_pair(word: str) -> bool:
    """Return whether a word is of a script without blanks: a pair of letters, which has no spelling."""
    return not word.isascii() and _RUN.match(word) is not None


def other_forms(word: str) -> list[tuple[str, ...]]:
    """Return how else a code may be written: "e1042" as "E-1042", "80070005" as "0x80070005", and back."""
    if not word.isascii() or word.isalpha() or len(word) < LEAST_CODE:
        return []
    parts = tuple(_CODE_PARTS.findall(word))
    forms: list[tuple[str, ...]] = [parts] if 1 < len(parts) <= MOST_CODE_PARTS else []
    if word.startswith("0x"):
        return [(word[2:],)]
    return [*forms, (f"0x{word}",)] if _HEXADECIMAL.fullmatch(word) else forms


def words(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return [word for _, _, word in places(visible(text))]


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order."""
    return [stem(word) for word in words(text)]


@dataclass(frozen=True, slots=True)
class Query:
    """Parsed query: its words once each, in order, and the phrases in quotation marks."""

    text: str
    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...] = ()  # stems

    @property
    def strong(self) -> tuple[str, ...]:
        """The words a page must have: all but stop words and weak words, or all where only such were typed."""
        for leave_out in (STOP_WORDS | WEAK_WORDS, STOP_WORDS):
            kept = tuple(word for word in self.words if word not in leave_out and not is_fragment(word))
            if kept:
                return kept
        return self.words


def is_fragment(word: str) -> bool:
    """Return whether a word is one letter or up to two digits: the number of an attempt, part of a time."""
    return (len(word) == 1 and not is_pair(word)) or (len(word) == 2 and word.isdecimal())


def parse(asked: str) -> Query:
    """Return the words and phrases of a cleaned query."""
    text = asked.translate(_QUOTES)
    quoted = (tuple(stems(phrase))[:MOST_WORDS] for phrase in _QUOTED.findall(text))
    return Query(
        asked,
        tuple(dict.fromkeys(words(text)))[:MOST_WORDS],
        tuple(phrase for phrase in quoted if len(phrase) > 1)[:3],
    )
