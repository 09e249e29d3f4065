"""Dictionary of the portal's language: tells a rare but right word from a misspelled one, by how often it is used."""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from importlib.resources import files

from django.conf import settings

# A right word is taken for a misspelling of one that people use so many times as often. See `is_far_likelier`.
FAR_LIKELIER = 2_000


def is_right_word(word: str) -> bool:
    """Return whether a folded word is in the dictionary of the portal's language; False where there is none."""
    return frequency(word) > 0


def is_far_likelier(other: str, word: str) -> bool:
    """Return whether a word of the pages was meant, overwhelmingly likely, by a right word that no page has.

    The rule is that of the noisy channel (Kernighan, Church and Gale, "A spelling correction program based on a noisy
    channel model", 1990): compare how often each word is used, times the chance of the typing error. About one word of
    a hundred is mistyped, in one of some 300 ways (the single edits of Norvig's corrector); of the words that customers
    type about one in twenty is on no page. So the other word was meant where it is used 100 × 300 / 20 = 1,500 times as
    often; rounded up. "brocken" is "broken" then, and "gorget" is "forget", but "iphone" is no "phone".
    """
    return frequency(other) >= FAR_LIKELIER * max(frequency(word), 1)


@lru_cache(maxsize=4096)  # each letter that is typed asks again
def frequency(word: str) -> int:
    """Return how often the texts behind the dictionary have a folded word; 0 for one that is not in it.

    Takes up to two milliseconds for a word that was not asked for lately. The first call loads the dictionary, 2.8 MB
    of English.
    """
    entries = _entries(settings.LANGUAGE_CODE.partition("-")[0])
    found = f'"{word}": '
    at = entries.find(found) if word.isalpha() else -1
    if at < 0:
        return 0
    start = at + len(found)
    return int(entries[start : start + LONGEST_COUNT].partition(",")[0].strip("} \n"))


LONGEST_COUNT = 12  # digits


@cache
def _entries(language: str) -> str:
    """Return the dictionary's JSON as one text, which takes a tenth of the memory that its words take one by one."""
    source = files("spellchecker") / "resources" / f"{language}.json.gz"
    return gzip.decompress(source.read_bytes()).decode() if source.is_file() else ""
