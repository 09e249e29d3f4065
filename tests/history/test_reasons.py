"""Reasons of revisions: codes in the rows, sentences for readers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.history.reasons import MAX_LENGTH, Reason, reason_text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        (Reason.RESTORED.of(datetime(2026, 3, 3, 10, tzinfo=UTC).isoformat()), "Restored from March 3, 2026, 10:00 AM"),
        (Reason.IMPORTED.of("a: b.yaml"), "Imported from a: b.yaml"),
        (Reason.ADDED_WITH.of(1), "Added together with 1 other"),
        (Reason.CHANGED_WITH.of(2), "Changed together with 2 others"),
        (Reason.MERGED.of("Old page"), "“Old page” was merged into this"),
        (Reason.COPIED.of("slug"), "Copied from “slug”"),
        (Reason.REVIEWED, "Reviewed, no changes needed"),
    ],
)
def test_stored_code_is_a_sentence_for_readers(stored: str, text: str) -> None:
    assert reason_text(stored) == text


@pytest.mark.parametrize(
    "stored", ["Reviewed, no changes needed", "Restored from March 3, 2026, 10:00 AM", "restored:?", ""]
)
def test_sentence_of_an_older_row_is_shown_as_it_is(stored: str) -> None:
    assert reason_text(stored) == stored


def test_every_code_has_a_text_and_fits_into_the_column() -> None:
    values = {Reason.RESTORED: "2026-03-03", Reason.ADDED_WITH: 1, Reason.CHANGED_WITH: 1}
    assert all(reason_text(reason.of(values.get(reason, "x"))) != reason.of("x") for reason in Reason)
    assert len(Reason.IMPORTED.of("x" * 300)) == MAX_LENGTH
