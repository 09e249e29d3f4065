"""Readability and parts of a Markdown text: sentences and their length, links, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser

from helpdesk.text.markdown import IMAGE_SOURCES, REMEMBERED_TEXTS, render

WORD = re.compile(r"[A-Za-z0-9][\w.,@'’/-]*")
_END_OF_BLOCK = re.compile(r"</(?:p|li|dt|dd|td|th|div)>")
_TAG = re.compile(r"<[^>]*>")
_END_OF_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n")
_SILENT_END = re.compile(r"(?:[^laeiouy]es|[^tdaeiouy]ed|[^laeiouy]e)$")
_VOWELS = re.compile(r"[aeiouy]+")
# A picture as Markdown writes it. What it is called and where it is in the text does not matter here.
_WRITTEN_PICTURE = re.compile(r"!\[[^\]\n]{0,500}\]\(\s{0,9}<?([^\s()<>]{1,2000})")

# Below this a text is hard. Plain English is 60 and more, but the names of products alone take plain sentences to 48.
HARD = 45
# Fewer words say nothing about how hard a text is.
FEWEST_WORDS = 40


@lru_cache(maxsize=REMEMBERED_TEXTS)
def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a Markdown text. A list item or a title is one as well."""
    lines = _END_OF_BLOCK.sub("\n", " ".join(render(text).split()))
    parts = _END_OF_SENTENCE.split(unescape(_TAG.sub("", lines)))
    return tuple(part.strip() for part in parts if WORD.search(part))


def words(sentence: str) -> list[str]:
    """Return the words of a sentence, numbers included, punctuation not."""
    return WORD.findall(sentence)


@lru_cache(maxsize=4 * REMEMBERED_TEXTS)
def syllables(word: str) -> int:
    """Estimate the syllables of an English word: groups of vowels, without a silent e. A number counts as one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    voiced = _SILENT_END.sub("", letters) if len(letters) > 3 else letters
    return max(1, len(_VOWELS.findall(voiced)))


@lru_cache(maxsize=REMEMBERED_TEXTS)
def measures(text: str) -> tuple[int, int, int]:
    """Count the sentences, words and syllables of a Markdown text."""
    spoken = sentences(text)
    found = [word for sentence in spoken for word in words(sentence)]
    return len(spoken), len(found), sum(map(syllables, found))


def ease(sentence_count: int, word_count: int, syllable_count: int) -> float:
    """Return the Flesch reading ease: 60 to 70 is plain English, for readers of 13 to 15; more is easier.

    Formula, and what counts as a word, a sentence (a colon ends one) and a syllable: Rudolf Flesch, "How to Write
    Plain English" (1979), chapter 2; first in "A new readability yardstick", Journal of Applied Psychology 32 (1948).
    """
    return 206.835 - 1.015 * word_count / sentence_count - 84.6 * syllable_count / word_count


def reading_ease(*texts: str) -> float | None:
    """Return the Flesch reading ease of Markdown texts taken as one; None where there are too few words."""
    sentence_count, word_count, syllable_count = map(sum, zip((0, 0, 0), *map(measures, texts), strict=True))
    return ease(sentence_count, word_count, syllable_count) if word_count >= FEWEST_WORDS else None


def reading_age(score: float) -> int:
    """Return the age from which readers follow a text of this reading ease (Flesch's table of school years)."""
    for lowest, age in ((90, 11), (80, 12), (70, 13), (60, 15), (50, 18), (30, 21)):
        if score >= lowest:
            return age
    return 23


@dataclass(frozen=True, slots=True)
class Link:
    """Link as visitors get it; `href` is None where the address was refused."""

    href: str | None
    words: str


@dataclass(frozen=True, slots=True)
class ImageReference:
    """A picture as visitors get it."""

    src: str
    description: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Parts of a text beside words. `refused` are the sources of pictures that visitors do not get."""

    links: tuple[Link, ...] = ()
    pictures: tuple[ImageReference, ...] = ()
    anchors: frozenset[str] = frozenset()
    refused: tuple[str, ...] = ()


@lru_cache(maxsize=REMEMBERED_TEXTS)
def parts(text: str) -> Parts:
    """Return the links, pictures and anchors of a Markdown text, from its rendered HTML."""
    if "[" not in text and "<" not in text:  # neither a link nor a picture, so its places do not matter
        return Parts()
    reader = _Reader()
    reader.feed(render(text))
    reader.close()
    written = (found[1] for found in _WRITTEN_PICTURE.finditer(text))
    shown = {picture.src for picture in reader.pictures}
    refused = tuple(src for src in written if not src.startswith(IMAGE_SOURCES) and src not in shown)
    return Parts(tuple(reader.links), tuple(reader.pictures), frozenset(reader.anchors), refused)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.pictures: list[ImageReference] = []
        self.anchors: set[str] = set()
        self._href: str | None = None
        self._words: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.anchors.add(str(given["id"]))
        if tag == "a":
            self._href, self._words = given.get("href"), []
        elif tag == "img":
            description = (given.get("alt") or "").strip()
            self.pictures.append(ImageReference(given.get("src") or "", description))
            self.handle_data(description)

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._words is not None:
            self.links.append(Link(self._href, " ".join("".join(self._words).split())))
            self._words = None
