"""Texts as their readers meet them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.text import readability
from helpdesk.text.readability import ImageReference, Link, Parts


def test_sentences_of_markdown_without_its_marks() -> None:
    text = "Look at the **lamp**. Is it on?\n\n- Yes: call us\n- No &amp; never"
    assert readability.sentences(text) == ("Look at the lamp.", "Is it on?", "Yes:", "call us", "No & never")


@pytest.mark.parametrize(
    ("word", "count"),
    [("code", 1), ("device", 2), ("security", 4), ("asked", 1), ("needed", 2), ("14", 1), ("table", 2)],
)
def test_syllables_of_a_word(word: str, count: int) -> None:
    assert readability.syllables(word) == count


def test_reading_ease_is_the_formula_over_all_texts() -> None:
    one, two = "Call us now. " * 8, "We help. " * 12
    assert readability.measures(one) == (8, 24, 24)
    assert readability.reading_ease(one, two) == pytest.approx(206.835 - 1.015 * 48 / 20 - 84.6 * 48 / 48)


def test_reading_ease_of_too_few_words_is_nothing_to_go_by() -> None:
    assert readability.reading_ease("Authentication irregularities necessitate verification.") is None


@pytest.mark.parametrize(("score", "age"), [(100, 11), (90, 11), (60, 15), (59.9, 18), (30, 21), (29, 23), (-50, 23)])
def test_reading_age_follows_the_table(score: float, age: int) -> None:
    assert readability.reading_age(score) == age


def test_parts_are_what_visitors_get() -> None:
    text = (
        '## Codes\n\n[a **b**](/s/1/ "t") [gone](javascript:x) ![A lamp](/media/a.png) ![](/static/b.svg)\n\n'
        "![Far](https://example.com/c.png)"
    )
    assert readability.parts(text) == Parts(
        links=(Link("/s/1/", "a b"), Link(None, "gone")),
        pictures=(ImageReference("/media/a.png", "A lamp"), ImageReference("/static/b.svg", "")),
        anchors=frozenset({"h-codes"}),
        refused=("https://example.com/c.png",),
    )


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    readability.parts(text), readability.sentences(text), readability.reading_ease(text)
