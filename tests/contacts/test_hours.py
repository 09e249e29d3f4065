"""Opening hours: how people write them, how they are stored and read, and when somebody answers over clock changes."""

from datetime import UTC, date, datetime

import pytest

from helpdesk.contacts.hours import Status, status, zone_name
from helpdesk.contacts.hours_text import InvalidHours, parse_closed_days, parse_hours, parse_zone
from helpdesk.contacts.opening import read_opening

EASTERN = "(US Eastern time)"

# Typed; stored; read by visitors.
ACCEPTED = [
    (
        "Mon-Fri 09:00-20:00, Sun 16:00-20:00",
        "Mon-Fri 09:00-20:00, Sun 16:00-20:00",
        f"Mon–Fri 9:00 AM – 8:00 PM, Sun 4:00 – 8:00 PM {EASTERN}",
    ),
    (
        "Mon – Fri 9am–8pm; Sun 4-8 PM",
        "Mon-Fri 09:00-20:00, Sun 16:00-20:00",
        f"Mon–Fri 9:00 AM – 8:00 PM, Sun 4:00 – 8:00 PM {EASTERN}",
    ),
    ("Monday to Friday: 9:00 a.m. to 5:00 p.m.", "Mon-Fri 09:00-17:00", f"Mon–Fri 9:00 AM – 5:00 PM {EASTERN}"),
    ("weekdays 0800-1800, Sat closed", "Mon-Fri 08:00-18:00", f"Mon–Fri 8:00 AM – 6:00 PM {EASTERN}"),
    ("Sun-Thu 22:30-08:00", "Sun-Thu 22:30-08:00", f"Sun–Thu 10:30 PM – 8:00 AM the next day {EASTERN}"),
    (
        "Mon, Wed, Fri 9:00-12:00, 13:00-17:00 and Sat 10-14",
        "Mon, Wed, Fri 09:00-12:00, 13:00-17:00, Sat 10:00-14:00",
        f"Mon, Wed, Fri 9:00 AM – noon and 1:00 – 5:00 PM, Sat 10:00 AM – 2:00 PM {EASTERN}",
    ),
    ("every day 6am-midnight", "Daily 06:00-24:00", f"Every day 6:00 AM – midnight {EASTERN}"),
    ("Mon-Sun 24 hours", "24 hours", "24 hours a day, 7 days a week"),
    ("24 hours a day, 7 days a week", "24 hours", "24 hours a day, 7 days a week"),
    ("Mon-Fri 09:00-05:00.", "Mon-Fri 09:00-05:00", f"Mon–Fri 9:00 AM – 5:00 AM the next day {EASTERN}"),
    ("Mon 22:00-10:00", "Mon 22:00-10:00", f"Mon 10:00 PM – 10:00 AM the next day {EASTERN}"),
    ("Mon 22-8", "Mon 22:00-08:00", f"Mon 10:00 PM – 8:00 AM the next day {EASTERN}"),
    ("24/7", "24 hours", "24 hours a day, 7 days a week"),
    ("Mon-Fri 24 hours, Sat closed", "Mon-Fri 24 hours", f"Mon–Fri 24 hours {EASTERN}"),
    ("Mon-Fri 9:00-17:00, Wed closed", "Mon-Tue, Thu-Fri 09:00-17:00", f"Mon–Tue, Thu–Fri 9:00 AM – 5:00 PM {EASTERN}"),
]
REFUSED = [
    ("Mon-Fri 9-5", "“9-5” can mean morning or evening."),
    ("Mon-Fri 9am-5", "“9am-5” can mean morning or evening."),
    ("Mon-Fri 1pm-5", "“1pm-5” can mean morning or evening."),
    ("Mon-Fri 8:30-5:00", "“8:30-5:00” can mean morning or evening."),
    ("Mon-Fri 8-8", "“8-8” can mean morning or evening."),
    ("Mon-Fri 9-12, 1-5", "“1-5” can mean morning or evening."),
    ("Mon-Fri 9:00-12:00, 1:00-5:00", "“1:00-5:00” can mean morning or evening."),
    ("Mon-Fri 09:00-25:00", "“09:00-25:00” has a time that doesn't exist."),
    ("Mon-Fri 13:00 pm - 5 pm", "has a time that doesn't exist."),
    ("9:00-17:00", "Enter the days for “9:00-17:00”."),
    ("Mon-Fri", "“Mon-Fri” has no times."),
    ("Mon- 9:00-17:00", "The last day is missing in “Mon-”."),
    ("Mon-Fri 9:00", "“9:00” has no closing time."),
    ("Mon 09:00-09:00", "starts and ends at the same time."),
    ("Mon-Fri 9:00-17:00, Fri 16:00-18:00", "The hours of Fri overlap."),
    ("Fri 22:00-02:00, Sat 01:00-05:00", "The hours of Sat overlap."),
    ("Mon-Fri 09:00-17:00 ET", "“ET” can't be read."),
    ("closed", "No day is open."),
]


@pytest.mark.parametrize(("typed", "stored", "read"), ACCEPTED)
def test_hours_are_stored_and_read_in_one_form(typed, stored, read):
    hours = parse_hours(typed)
    assert (str(hours), hours.words("America/New_York")) == (stored, read)
    assert parse_hours(stored) == hours


def test_every_stored_interval_is_read_again_as_it_was():
    whole = [*range(0, 24 * 60, 60), 24 * 60 - 1]
    for start, end in ((start, end) for start in whole for end in whole if start != end):
        stored = f"Mon {start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
        assert str(parse_hours(stored)) == stored.replace("-00:00", "-24:00")


@pytest.mark.parametrize(("typed", "sentence"), REFUSED)
def test_hours_that_cannot_be_read_are_refused_by_the_part(typed, sentence):
    with pytest.raises(InvalidHours) as refused:
        parse_hours(typed)
    assert sentence in str(refused.value)
    assert "Write the hours such as" in str(refused.value)


def test_closed_days_are_dates():
    assert parse_closed_days("2027-01-01,  2026-12-25") == (date(2026, 12, 25), date(2027, 1, 1))
    for wrong in ("2026-02-30", "25.12.2026", "2026-12-25 Christmas"):
        with pytest.raises(InvalidHours, match="isn't a date"):
            parse_closed_days(wrong)


def test_time_zone_is_found_by_its_name_city_or_words():
    assert [parse_zone(text) for text in ("utc", "sydney", "us eastern time", "Europe/London")] == [
        *("UTC", "Australia/Sydney", "America/New_York", "Europe/London")
    ]
    assert zone_name("America/St_Johns") == "St Johns time"
    with pytest.raises(InvalidHours, match="isn't a time zone"):
        parse_zone("EST")


@pytest.mark.parametrize("text", ["Etc/GMT+5", "etc/gmt-3", "GMT+5", "UTC -05:00", "UTC−5", "+02:00", "gmt"])
def test_offset_is_no_place_and_refused_with_what_to_do(text):
    """The sign of "Etc/GMT+5" is reversed, and no offset follows the clock changes of a place."""
    with pytest.raises(InvalidHours) as refused:
        parse_zone(text)
    assert str(refused.value) == (
        f"“{text}” isn't a place, so its clock changes aren't known. Choose a place such as America/New_York, or UTC."
    )


def test_stored_offset_is_shown_with_the_sign_that_people_use():
    assert [zone_name(f"Etc/{name}") for name in ("GMT+5", "GMT-14", "GMT", "UTC")] == ["UTC−5", "UTC+14", "UTC", "UTC"]
    opening = read_opening("Mon-Fri 09:00-17:00", "Etc/GMT+5", "")
    assert opening
    assert opening.words == "Mon–Fri 9:00 AM – 5:00 PM (UTC−5)"
    assert status(opening.hours, opening.zone, frozenset(), utc(2026, 12, 1, 14)).is_open
    assert not status(opening.hours, opening.zone, frozenset(), utc(2026, 12, 1, 13, 59)).is_open


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


# Both clock changes of three zones: the same hours on the wall are another moment after each.
# Zone; hours; moment; open; until.
MOMENTS = [
    # New York: to summer time on 8 March, back on 1 November 2026
    ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00", utc(2026, 3, 6, 14), True, utc(2026, 3, 7, 1)),
    ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00", utc(2026, 3, 7, 12), False, utc(2026, 3, 8, 20)),
    ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00", utc(2026, 3, 9, 13), True, utc(2026, 3, 10, 0)),
    ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00", utc(2026, 11, 1, 20, 59), False, utc(2026, 11, 1, 21)),
    ("America/New_York", "Mon-Fri 09:00-20:00, Sun 16:00-20:00", utc(2026, 11, 1, 21), True, utc(2026, 11, 2, 1)),
    ("America/New_York", "Sat 22:00-06:00", utc(2026, 3, 8, 9, 59), True, utc(2026, 3, 8, 10)),
    ("America/New_York", "Sat 22:00-06:00", utc(2026, 11, 1, 10, 59), True, utc(2026, 11, 1, 11)),
    # The clock shows 2:30 never in March, and 1:30 twice in November
    ("America/New_York", "Sun 02:30-05:00", utc(2026, 3, 8, 7), False, utc(2026, 3, 8, 7, 30)),
    ("America/New_York", "Sun 01:30-05:00", utc(2026, 11, 1, 5), False, utc(2026, 11, 1, 5, 30)),
    # London: to summer time on 29 March, back on 25 October 2026
    ("Europe/London", "Mon-Fri 08:30-17:00", utc(2026, 3, 27, 8, 30), True, utc(2026, 3, 27, 17)),
    ("Europe/London", "Mon-Fri 08:30-17:00", utc(2026, 3, 30, 7, 30), True, utc(2026, 3, 30, 16)),
    ("Europe/London", "Mon-Fri 08:30-17:00", utc(2026, 10, 24, 12), False, utc(2026, 10, 26, 8, 30)),
    # Sydney: back from summer time on 5 April, to it on 4 October 2026
    ("Australia/Sydney", "Mon-Fri 09:00-17:00", utc(2026, 4, 3, 6), False, utc(2026, 4, 5, 23)),
    ("Australia/Sydney", "Mon-Fri 09:00-17:00", utc(2026, 10, 2, 7), False, utc(2026, 10, 4, 22)),
    # UTC has no clock changes; past midnight; around the clock
    ("UTC", "Sun-Thu 22:30-08:00", utc(2026, 3, 6, 7, 59), True, utc(2026, 3, 6, 8)),
    ("UTC", "Sun-Thu 22:30-08:00", utc(2026, 3, 6, 8), False, utc(2026, 3, 8, 22, 30)),
    ("Europe/London", "24 hours", utc(2026, 3, 29, 1), True, None),
    ("UTC", "Mon-Fri 24 hours", utc(2026, 3, 3, 1), True, utc(2026, 3, 7)),
]


@pytest.mark.parametrize(("zone", "text", "moment", "is_open", "until"), MOMENTS)
def test_hours_are_right_over_clock_changes(zone, text, moment, is_open, until):
    assert status(parse_hours(text), zone, frozenset(), moment) == Status(is_open, until)


def test_closed_days_are_left_out_and_a_night_before_runs_to_its_end():
    hours, christmas = parse_hours("Thu-Fri 22:00-06:00"), frozenset({date(2026, 12, 25)})
    assert status(hours, "UTC", christmas, utc(2026, 12, 25, 5)) == Status(True, utc(2026, 12, 25, 6))
    assert status(hours, "UTC", christmas, utc(2026, 12, 25, 23)) == Status(False, utc(2026, 12, 31, 22))
    always = frozenset(date(2026, 12, day) for day in range(1, 32))
    assert status(hours, "UTC", always, utc(2026, 12, 2)) == Status(False, None)
