"""Parser of opening hours and closed days as people write them; the errors are sentences that name the part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext

from helpdesk.contacts.hours import DAY, DAYS, Hours, zone_name
from helpdesk.contacts.time_zones import is_offset, time_zones

EXAMPLE = "Mon-Fri 09:00-20:00, Sun 16:00-20:00"

_DAY_NAMES = (
    "mon(?:day)?s?|tue(?:s(?:day)?)?s?|wed(?:nesday)?s?|thu(?:r(?:s(?:day)?)?)?s?|fri(?:day)?s?|sat(?:urday)?s?"
    "|sun(?:day)?s?"
)
_TOKEN = re.compile(
    rf"""\s*(?:
    (?P<all>24\s*(?:/|x)\s*7|(?:24|twenty-four)\s*(?:hours?|hrs?|h)\b(?:\s*a\s*day(?:,?\s*(?:7|seven)\s*days\s*a\s*week)?)?)
    |(?P<days>daily\b|every\s*day\b|weekdays?\b|weekends?\b|mon-sun\b)
    |(?P<day>(?:{_DAY_NAMES})\b\.?)
    |(?P<time>(?P<hour>\d{{1,2}})(?:[:.h]?(?P<minute>\d{{2}}))?\s*(?P<half>[ap]\.?m\b\.?)?|noon\b|midnight\b)
    |(?P<to>-|to\b|through\b|thru\b|until\b|till\b)
    |(?P<closed>closed\b)
    |(?P<and>[,;&+/:]|and\b|\.(?=\s|$))
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_SEVERAL = {"weekday": range(5), "weekdays": range(5), "weekend": (5, 6), "weekends": (5, 6)}
# Opening hours that begin earlier are written "05:00" or "5 AM": "1-5" after "9-12" is in the afternoon.
_EARLY = 6 * 60
_DASHES = re.compile("[\u2010-\u2015\u2212~]")


class InvalidHours(ValueError):
    """Text that is not a week's opening hours; the message is a sentence that names the part."""


class _Tokens:
    """The words of a text, one after the other; `since` cuts out the part that an error is about."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = list(self._read())
        self.place = 0

    def _read(self) -> Iterator[re.Match[str]]:
        end = 0
        while rest := self.text[end:].strip():
            match = _TOKEN.match(self.text, end)
            if match is None:
                raise InvalidHours(_sentence(gettext("“%(part)s” can't be read."), rest[:40]))
            yield match
            end = match.end()

    @property
    def kind(self) -> str:
        """Kind of the next word; empty at the end."""
        return self.kind_at(self.place)

    def kind_at(self, place: int) -> str:
        if place >= len(self.found):
            return ""
        return next(name for name in ("all", "days", "day", "time", "to", "closed", "and") if self.found[place][name])

    def take(self) -> re.Match[str]:
        self.place += 1
        return self.found[self.place - 1]

    def since(self, place: int) -> str:
        last = self.found[min(max(self.place - 1, place), len(self.found) - 1)]
        return self.text[self.found[place].start() : last.end()].strip()


def _sentence(sentence: str, part: str) -> str:
    hint = gettext("Write the hours such as “%(example)s”.") % {"example": EXAMPLE}
    return f"{sentence % {'part': part}} {hint}"


@lru_cache(maxsize=512)
def parse_hours(text: str) -> Hours:
    """Return the hours of a text. Raises InvalidHours."""
    tokens = _Tokens(" ".join(_DASHES.sub("-", text).split()))
    week: list[list[tuple[int, int]]] = [[] for _day in DAYS]
    days: list[int] = []
    while tokens.kind:
        start = tokens.place
        if tokens.kind == "and":
            tokens.take()
            continue
        if tokens.kind in ("day", "days"):
            days = _days(tokens)
        _fill(week, days, tokens, start)
    _refuse_overlaps(week)
    if not any(week):
        raise InvalidHours(_sentence(gettext("No day is open."), ""))
    return Hours(tuple(tuple(sorted(times)) for times in week))


def _fill(week: list[list[tuple[int, int]]], days: list[int], tokens: _Tokens, start: int) -> None:
    """Add the times that come next to the days."""
    if tokens.kind == "closed":
        tokens.take()
        for day in days or range(len(DAYS)):
            week[day] = []
    elif tokens.kind == "all":
        tokens.take()
        for day in days or range(len(DAYS)):
            week[day].append((0, DAY))
    elif tokens.kind == "time":
        interval = _interval(tokens)
        if not days:
            raise InvalidHours(_sentence(gettext("Enter the days for “%(part)s”."), tokens.since(start)))
        for day in days:
            week[day].append(interval)
    else:
        part = tokens.since(start)
        raise InvalidHours(_sentence(gettext("“%(part)s” has no times."), part))


def _days(tokens: _Tokens) -> list[int]:
    """Return the days of a list such as "Mon-Wed, Fri" in order."""
    found: list[int] = []
    while True:
        found += _day_or_range(tokens)
        ahead = tokens.place
        while tokens.kind_at(ahead) == "and":
            ahead += 1
        if tokens.kind_at(ahead) not in ("day", "days"):
            if tokens.kind == "and" and tokens.kind_at(ahead):  # "Mon-Fri: 9:00-17:00"
                tokens.place = ahead
            return list(dict.fromkeys(found))
        tokens.place = ahead


def _day_or_range(tokens: _Tokens) -> list[int]:
    start = tokens.place
    if tokens.kind == "days":
        return list(_SEVERAL.get(tokens.take()["days"].lower(), range(len(DAYS))))
    first = _day(tokens.take()["day"])
    if tokens.kind != "to":
        return [first]
    tokens.take()
    if tokens.kind != "day":
        raise InvalidHours(_sentence(gettext("The last day is missing in “%(part)s”."), tokens.since(start)))
    last = _day(tokens.take()["day"])
    return [(first + offset) % 7 for offset in range((last - first) % 7 + 1)]


def _day(word: str) -> int:
    return DAYS.index(word[:3].capitalize())


def _interval(tokens: _Tokens) -> tuple[int, int]:
    """Return from and to; a time in the morning after one in the evening is on the next day."""
    place = tokens.place
    first = tokens.take()
    if tokens.kind == "to":
        tokens.take()
    if tokens.kind != "time":
        raise InvalidHours(_sentence(gettext("“%(part)s” has no closing time."), tokens.since(place)))
    last = tokens.take()
    part = tokens.since(place)
    end = _minutes(last, part)
    half = (last["half"] or "").lower()[:1]
    start = _minutes(first, part)
    if half and not first["half"] and first["hour"] and int(first["hour"]) < 12:
        start = min((_minutes(first, part, half), start), key=lambda minutes: (minutes >= end, -minutes))
    elif _is_vague(last) and (_is_backwards(first, start, end) or (start < _EARLY and _is_vague(first))):
        raise InvalidHours(_sentence(_either_half(), part))
    if start == DAY:
        start = 0
    if start == end:
        raise InvalidHours(_sentence(gettext("“%(part)s” starts and ends at the same time."), part))
    return start, end if end > start else end + DAY


def _is_vague(time: re.Match[str]) -> bool:
    """Return whether a time can be in the morning or the evening, as the 5 of "9-5"; "05:00" and "17" say which."""
    hour = time["hour"] or ""
    is_short = len(hour) == 1 or (len(hour) == 2 and hour[0] == "1" and not time["minute"])
    return is_short and not time["half"] and 1 <= int(hour) <= 12


def _is_backwards(first: re.Match[str], start: int, end: int) -> bool:
    """Return whether an end comes before its beginning, where that is not given as on a 24-hour clock: "22-8"."""
    return start >= end and int(first["hour"] or 0) <= 12


def _either_half() -> str:
    return gettext("“%(part)s” can mean morning or evening. Use 24 hours or AM and PM.")


def _minutes(found: re.Match[str], part: str, half: str = "") -> int:
    """Return the minutes after midnight. Raises InvalidHours for a time that no clock shows."""
    word = found["time"].lower()
    if word in ("noon", "midnight"):
        return DAY // 2 if word == "noon" else DAY
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = half or (found["half"] or "").lower()[:1]
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        raise InvalidHours(_sentence(gettext("“%(part)s” has a time that doesn't exist."), part))
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour * 60 + minute


def _refuse_overlaps(week: list[list[tuple[int, int]]]) -> None:
    for day, times in enumerate(week):
        before = max((end - DAY for _start, end in week[day - 1]), default=0)
        for start, end in sorted(times):
            if start < before:
                raise InvalidHours(_sentence(gettext("The hours of %(day)s overlap.") % {"day": DAYS[day]}, ""))
            before = end


_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_closed_days(text: str) -> tuple[date, ...]:
    """Return the days of "2026-12-25, 2027-01-01" in order. Raises InvalidHours."""
    days = []
    for part in re.split(r"[\s,;]+", text.strip()):
        try:
            days += [date.fromisoformat(part)] if _DATE.fullmatch(part) else [_not_a_day(part)] if part else []
        except ValueError:
            _not_a_day(part)
    return tuple(sorted(set(days)))


def _not_a_day(part: str) -> date:
    sentence = gettext("“%(part)s” isn't a date. Write closed days such as 2026-12-25, with commas between them.")
    raise InvalidHours(sentence % {"part": part})


@lru_cache(maxsize=256)
def parse_zone(text: str) -> str:
    """Return the IANA name of a time zone: itself, its city, or the name that visitors read. Raises InvalidHours."""
    wanted = " ".join(text.split()).casefold()
    for name in time_zones():
        city = name.rsplit("/", 1)[-1].replace("_", " ")
        if wanted in (name.casefold(), city.casefold(), zone_name(name).casefold()):
            return name
    if is_offset(text):
        sentence = gettext(
            "“%(part)s” isn't a place, so its clock changes aren't known. "
            "Choose a place such as America/New_York, or UTC."
        )
        raise InvalidHours(sentence % {"part": text})
    sentence = gettext("“%(part)s” isn't a time zone. Choose one from the list, such as America/New_York or UTC.")
    raise InvalidHours(sentence % {"part": text})
