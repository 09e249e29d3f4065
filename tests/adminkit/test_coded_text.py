"""Texts stored as a code and values."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.test import override_settings
from django.utils.translation import gettext_lazy, ngettext_lazy

from helpdesk.adminkit.coded_text import CodedText, text_from_json, text_of_code

DONE = CodedText("test.done", gettext_lazy("Done: %(note)s"))
DATED = CodedText("test.dated", "%(kind)s, %(day)s, %(moment)s")
COUNTED = CodedText("test.counted", ngettext_lazy("%(count)d page", "%(count)d pages", "count"))


def test_code_and_values_become_a_sentence() -> None:
    stored = DONE.to_json(note="50 % “off”")
    assert "Done" not in stored
    assert text_from_json(stored) == "Done: 50 % “off”"
    assert [text_from_json(COUNTED.to_json(count=count)) for count in (1, 2)] == ["1 page", "2 pages"]


@override_settings(TIME_ZONE="UTC")
def test_dates_and_models_are_shown_as_people_read_them() -> None:
    values = {"kind": "cause", "day": date(2026, 3, 1), "moment": datetime(2026, 3, 1, 9, tzinfo=UTC)}
    assert text_from_json(DATED.to_json(**values)) == "cause, March 1, 2026, March 1, 2026, 9:00 AM"


def test_other_texts_are_shown_as_they_are() -> None:
    for stored in ("A sentence.", "", "[1]", '{"a": 1}', '{"code": "test.done"}', "12"):
        assert text_from_json(stored) == stored
    assert text_of_code("no-such-code", {"a": "b"}) == "no-such-code"
