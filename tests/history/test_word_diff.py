"""The difference of two texts in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.history.word_diff import Kind, Piece, with_context, word_diff

SAME, REMOVED, ADDED, CUT = Kind.SAME, Kind.REMOVED, Kind.ADDED, Kind.CUT


def test_one_word_is_changed() -> None:
    assert word_diff("It takes 14 days.\nThen call.", "It takes 10 days.\r\nThen call.") == [
        Piece(SAME, "It takes "),
        Piece(REMOVED, "14 "),
        Piece(ADDED, "10 "),
        Piece(SAME, "days.\nThen call."),
    ]


def test_texts_without_a_common_word_and_without_any() -> None:
    assert word_diff("a", "b") == [Piece(REMOVED, "a"), Piece(ADDED, "b")]
    assert (word_diff("", ""), word_diff("", "b"), word_diff("a", "")) == (
        [],
        [Piece(ADDED, "b")],
        [Piece(REMOVED, "a")],
    )


def test_far_away_words_are_cut_on_both_sides_and_between() -> None:
    pieces = [
        Piece(SAME, "1 2 3 4 "),
        Piece(ADDED, "new "),
        Piece(SAME, "5 6 7 8 9 10 "),
        Piece(REMOVED, "old "),
        Piece(SAME, "11 12 13 14"),
    ]
    assert with_context(pieces, words=2) == [
        Piece(CUT, "… "),
        Piece(SAME, "3 4 "),
        Piece(ADDED, "new "),
        Piece(SAME, "5 6 "),
        Piece(CUT, "… "),
        Piece(SAME, "9 10 "),
        Piece(REMOVED, "old "),
        Piece(SAME, "11 12 "),
        Piece(CUT, "… "),
    ]
    assert with_context(pieces, words=6) == pieces


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_pieces_put_together_are_the_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind is not ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind is not REMOVED) == after
