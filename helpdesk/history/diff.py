"""Differences between two texts, word by word, or between two lists: chunks with their context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext


class ChunkKind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    CUT = "cut"  # unchanged, and left out


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of text that is unchanged, removed or added."""

    kind: ChunkKind
    text: str


# One token with its kind, before neighbors of one kind are joined to chunks.
_Step = tuple[ChunkKind, str]

SAME, REMOVED, ADDED, CUT = ChunkKind

# A word, with what holds its parts together; a line break with the blanks around it; blanks; other signs one by one.
_WORDS = re.compile(r"\w+(?:[.,'’:/@-]\w+)*|[^\S\n]*\n\s*|[^\S\n]+|[^\w\s]")

# Matching takes the product of the two lengths at worst: beyond it whole lines are compared, and beyond that nothing.
_MAX_STEPS = 2_000_000


def word_diff(old: str, new: str) -> list[Chunk]:
    """Return the chunks in reading order: without the added ones the old text, without the removed ones the new."""
    return list(_joined(_smoothed(list(_compared(tokens(old), tokens(new))))))


def list_diff(old: Sequence[str], new: Sequence[str], *, numbered: bool = True) -> list[Chunk]:
    """Return the new list, one entry a chunk, with removed entries where they stood: no entry is mixed from two."""
    chunks: list[Chunk] = []
    place = 0
    for kind, name in _matched(list(old), list(new)):
        place += kind is not REMOVED
        text = f"{place}. {name}" if numbered and kind is not REMOVED else name
        chunks += [Chunk(kind, text), Chunk(SAME, "\n")]
    return chunks[:-1]


def tokens(text: str) -> list[str]:
    """Return the words, signs and gaps of a text; joined they are the text."""
    return _WORDS.findall(text)


def with_context(chunks: Sequence[Chunk], words: int = 10) -> list[Chunk]:
    """Return the chunks with unchanged stretches cut to so many words beside each change."""
    short: list[Chunk] = []
    for place, chunk in enumerate(chunks):
        if chunk.kind is SAME:
            short += _cut(chunk.text, words * (place > 0), words * (place + 1 < len(chunks)))
        else:
            short.append(chunk)
    return short


def as_html(chunks: Iterable[Chunk], *, removed: str = "", added: str = "") -> SafeString:
    """Return the chunks as `ins` and `del`, each with a hidden word for screen readers."""
    words = {REMOVED: removed or gettext("removed:"), ADDED: added or gettext("added:")}
    return format_html_join("", "{}", ((_chunk_html(chunk, words),) for chunk in chunks))


def as_text(chunks: Iterable[Chunk]) -> str:
    """Return the chunks in the notation of `git diff --word-diff`."""
    marks = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "{{+{}+}}", CUT: " … "}
    return "".join(marks[chunk.kind].format(chunk.text) for chunk in chunks)


def _chunk_html(chunk: Chunk, words: dict[ChunkKind, str]) -> SafeString:
    if chunk.kind is CUT:
        return format_html(' <span class="cut">{}</span> ', "…")
    if chunk.kind is SAME:
        return format_html("{}", chunk.text)
    html = '<{tag}><span class="visually-hidden">{word} </span>{text}</{tag}>'
    tag = "ins" if chunk.kind is ADDED else "del"
    return format_html(html, tag=tag, word=words[chunk.kind], text=_visible(chunk.text))


def _visible(text: str) -> str:
    """Make a change of nothing but blanks and line breaks visible."""
    return text if text.strip() else text.replace("\n", "↵\n").replace(" ", "␣")


def _compared(old: list[str], new: list[str]) -> Iterator[_Step]:
    """Compare token by token; the equal beginnings and ends, most of a text, cost next to nothing."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield from _steps(SAME, old[:start])
    yield from _matched(old[start : len(old) - end], new[start : len(new) - end])
    yield from _steps(SAME, old[len(old) - end :])


def _steps(kind: ChunkKind, texts: Iterable[str]) -> Iterator[_Step]:
    return ((kind, text) for text in texts)


def _common(one: list[str], other: list[str]) -> int:
    """Return the length of the common beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _matched(old: list[str], new: list[str]) -> Iterator[_Step]:
    if len(old) * len(new) > _MAX_STEPS:
        old, new = _lines(old), _lines(new)
    if len(old) * len(new) > _MAX_STEPS:
        yield from _steps(REMOVED, old)
        yield from _steps(ADDED, new)
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from _steps(SAME, old[a:b])
        else:
            yield from _steps(REMOVED, old[a:b])
            yield from _steps(ADDED, new[c:d])


def _lines(texts: list[str]) -> list[str]:
    return "".join(texts).splitlines(keepends=True)


def _smoothed(steps: list[_Step]) -> Iterator[_Step]:
    """Count a gap or sign alone between two changes as changed: "one two" for "three four" reads as one change."""
    runs = [(same, list(run)) for same, run in groupby(steps, lambda step: step[0] is SAME)]
    for place, (same, run) in enumerate(runs):
        alone = same and 0 < place < len(runs) - 1 and not any(_is_word(text) for _kind, text in run)
        if alone and "\n" not in "".join(text for _kind, text in run):
            yield from ((kind, text) for kind in (REMOVED, ADDED) for _same, text in run)
        else:
            yield from run


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


def _joined(steps: Iterable[_Step]) -> Iterator[Chunk]:
    """Join steps of one kind to one chunk; in a stretch of changes what was removed comes first."""
    for changed, stretch in groupby(steps, lambda step: step[0] is not SAME):
        found = list(stretch)
        for kind in (REMOVED, ADDED) if changed else (SAME,):
            if text := "".join(its_text for its_kind, its_text in found if its_kind is kind):
                yield Chunk(kind, text)


def _cut(text: str, before: int, after: int) -> Iterator[Chunk]:
    """Cut an unchanged stretch to so many words at its beginning and its end."""
    all_tokens = tokens(text)
    words = [place for place, token in enumerate(all_tokens) if _is_word(token)]
    if len(words) <= before + after + 4:
        yield Chunk(SAME, text)
        return
    if before:
        yield Chunk(SAME, "".join(all_tokens[: words[before - 1] + 1]))
    yield Chunk(CUT, "")
    if after:
        yield Chunk(SAME, "".join(all_tokens[words[-after] :]))
