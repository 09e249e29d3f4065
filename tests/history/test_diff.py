"""The difference between two texts in words."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.history.diff import Chunk, ChunkKind, as_html, as_text, list_diff, with_context, word_diff


def short(old: str, new: str) -> str:
    """Return the difference in one line: [-removed-]{+added+} …"""
    return as_text(with_context(word_diff(old, new)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new text", "{+new text+}"),
        ("old text", "", "[-old text-]"),
        ("It takes 14 days.", "It takes 10 days.", "It takes [-14-]{+10+} days."),
        ("Call us.", "Call us on Mondays.", "Call us{+ on Mondays+}."),
        ("one two end", "three four end", "[-one two-]{+three four+} end"),
        ("at 14:30 or 1.5", "at 14:45 or 1.5", "at [-14:30-]{+14:45+} or 1.5"),
        ("a b", "a  b", "a[- -]{+  +}b"),
        ("Für Äpfel 日本", "Für Birnen 日本", "Für [-Äpfel-]{+Birnen+} 日本"),
    ],
)
def test_difference_is_in_words(old: str, new: str, expected: str) -> None:
    assert short(old, new) == expected


def test_long_unchanged_stretches_are_cut_to_some_words() -> None:
    words = [f"w{n}" for n in range(60)]
    old, new = " ".join(words), " ".join([*words[:30], "X", *words[31:]])
    before, after = " ".join(words[20:30]), " ".join(words[31:41])
    assert short(old, new) == f" … {before} [-w30-]{{+X+}} {after} … "


def test_stretch_that_is_hardly_longer_is_not_cut() -> None:
    words = " ".join(f"w{n}" for n in range(14))
    assert short(f"{words} a", f"{words} b") == f"{words} [-a-]{{+b+}}"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab .,\n<é-", max_size=40), st.text(alphabet="ab .,\n<é-", max_size=40))
def test_both_texts_can_be_read_from_the_difference(old: str, new: str) -> None:
    chunks = word_diff(old, new)
    assert "".join(chunk.text for chunk in chunks if chunk.kind is not ChunkKind.ADDED) == old
    assert "".join(chunk.text for chunk in chunks if chunk.kind is not ChunkKind.REMOVED) == new


def test_html_escapes_the_text_and_says_what_happened() -> None:
    chunks = [Chunk(ChunkKind.SAME, "<b>"), Chunk(ChunkKind.REMOVED, "<i>"), Chunk(ChunkKind.ADDED, "&")]
    assert as_html(chunks) == (
        '&lt;b&gt;<del><span class="visually-hidden">removed: </span>&lt;i&gt;</del>'
        '<ins><span class="visually-hidden">added: </span>&amp;</ins>'
    )


def test_html_shows_where_something_was_cut() -> None:
    assert as_html([Chunk(ChunkKind.CUT, "")]) == ' <span class="cut">…</span> '


def test_change_of_blanks_can_be_seen() -> None:
    assert as_html([Chunk(ChunkKind.ADDED, "\n ")]) == ('<ins><span class="visually-hidden">added: </span>↵\n␣</ins>')


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a " * 25_000, "b a " * 12_500),
        ("\n" * 50_000, "x\n" * 25_000),
        ("word\n" * 10_000, "word word\n" * 5_000),
        ("." * 50_000, "," * 50_000),
    ],
)
def test_hostile_texts_take_no_long_time(old: str, new: str) -> None:
    started = perf_counter()
    chunks = word_diff(old, new)
    assert perf_counter() - started < 30  # hours where it grows with the square
    assert "".join(chunk.text for chunk in chunks if chunk.kind is not ChunkKind.ADDED) == old


def test_context_is_cut_on_both_sides_and_between() -> None:
    numbers = [str(number) for number in range(30)]
    chunks = word_diff(" ".join([*numbers, "old", *numbers]), " ".join(["new", *numbers, *numbers]))
    assert as_text(with_context(chunks, words=2)) == "{+new +}0 1 … 28 29[- old-] 0 1 … "
    assert with_context(chunks, words=60) == chunks


def test_entries_of_a_list_are_the_same_or_not() -> None:
    chunks = list_diff(["one a", "two b"], ["two b", "one c"], numbered=False)
    assert as_text(chunks) == "[-one a-]\ntwo b\n{+one c+}"


def test_lists_are_numbered_as_they_are_now() -> None:
    assert as_text(list_diff(["a", "b", "c"], ["b", "d", "c"])) == "[-a-]\n1. b\n{+2. d+}\n3. c"


def test_hidden_words_can_be_chosen() -> None:
    assert as_html([Chunk(ChunkKind.ADDED, "x")], added="new:") == (
        '<ins><span class="visually-hidden">new: </span>x</ins>'
    )
