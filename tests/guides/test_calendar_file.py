"""The calendar file as RFC 5545 wants it; no database."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.guides.calendar_file import calendar_file
from helpdesk.guides.models import Resolution

NOW = datetime(2026, 3, 7, 23, 30, tzinfo=timezone(timedelta(hours=-5)))
URL = "https://help.example/guides/a/b/found/?by=c"


def lines_of(raw: str) -> list[str]:
    return raw.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_event_begins_when_the_time_to_wait_is_over():
    resolution = Resolution(title="Wait; then log in, again", wait_hours=48)
    lines = lines_of(calendar_file("It says “no”", resolution, url=URL, now=NOW))

    assert re.fullmatch(r"UID:[0-9a-f-]{36}", lines.pop(4))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Helpdesk//Reminder//EN",
        "BEGIN:VEVENT",
        "DTSTAMP:20260308T043000Z",
        "DTSTART:20260310T043000Z",
        "DURATION:PT15M",
        "SUMMARY:Try again: It says “no”",
        rf"DESCRIPTION:Wait\; then log in\, again\n{URL}",
        f"URL:{URL}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:Try again: It says “no”",
        "TRIGGER:PT0M",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gives_short_lines_and_no_other_property(situation, title):
    raw = calendar_file(situation, Resolution(title=title, wait_hours=1), url=URL, now=datetime.now(UTC))

    assert "\n" not in raw.replace("\r\n", "")
    assert max(len(line.encode()) for line in raw.split("\r\n")) <= 75
    assert [line.partition(":")[0] for line in lines_of(raw)].count("SUMMARY") == 1
    assert len(lines_of(raw)) == 18


def test_spaces_of_any_kind_keep_words_apart():
    resolution = Resolution(title="Wait 24\u00a0hours,\tthen\u202ftry\u00ad again\x07", wait_hours=1)
    assert r"DESCRIPTION:Wait 24 hours\, then try again\n" in calendar_file("It", resolution, url=URL, now=NOW)
