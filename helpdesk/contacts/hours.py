"""Opening hours of contact lines: a week of intervals, when they are open, and the words that visitors read.

Intervals are kept in the wall-clock time of the line's time zone, so that a clock change needs no edit. One that begins
on a closed day is left out; one that began the day before runs to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from helpdesk.contacts.time_zones import stored_offset

DAY = 24 * 60
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Longest time without an opening that is looked through.
HORIZON = 15

# From and to in minutes after the midnight on which the day begins; `to` may be on the next day.
Times = tuple[tuple[int, int], ...]
_ALL_DAY: Times = ((0, DAY),)


@dataclass(frozen=True, slots=True)
class Hours:
    """The opening hours of a week: for each day from Monday its intervals, in order and apart from each other."""

    week: tuple[Times, ...]

    def __str__(self) -> str:
        """Return the one form in which hours are stored: "Mon-Fri 09:00-20:00, Sun 16:00-20:00"."""
        return ", ".join(f"{_stored_days(days, times)}{_stored_times(times)}" for days, times in self.groups())

    @property
    def intervals(self) -> list[tuple[int, int, int]]:
        """Day, from and to of each interval, for the script of the pages."""
        return [(day, start, end) for day, times in enumerate(self.week) for start, end in times]

    def groups(self) -> list[tuple[tuple[int, ...], Times]]:
        """Return the days with the same times together, in the order of the week, without those that are closed.

        Days in a row that go past Sunday begin with the first of them: Sun, Mon, Tue.
        """
        found: dict[Times, list[int]] = {}
        for day, times in enumerate(self.week):
            if times:
                found.setdefault(times, []).append(day)
        return [(_in_a_row(days), times) for times, days in found.items()]

    def words(self, zone: str) -> str:
        """Return the hours as visitors read them, with the name of the time zone."""
        if self.is_always:
            return gettext("24 hours a day, 7 days a week")
        parts = [f"{_read_days(days)} {_read_times(times)}" for days, times in self.groups()]
        return gettext("%(hours)s (%(zone)s)") % {"hours": ", ".join(parts), "zone": zone_name(zone)}

    @property
    def is_always(self) -> bool:
        return all(times == _ALL_DAY for times in self.week)


@dataclass(frozen=True, slots=True)
class Status:
    """Open or closed at a moment, and until when; None where that does not change soon."""

    is_open: bool
    until: datetime | None


def status(hours: Hours, zone: str, closed_days: frozenset[date], moment: datetime) -> Status:
    """Return whether somebody answers at a moment, and when that changes, in UTC."""
    start = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for begin, end in _joined(_openings(hours, ZoneInfo(zone), closed_days, start)):
        if moment < begin:
            return Status(False, begin)
        if moment < end:
            return Status(True, end if end - moment < timedelta(days=HORIZON - 2) else None)
    return Status(False, None)


def _openings(
    hours: Hours, zone: ZoneInfo, closed_days: frozenset[date], start: date
) -> Iterator[tuple[datetime, datetime]]:
    for offset in range(HORIZON + 1):
        day = start + timedelta(days=offset)
        for begin, end in hours.week[day.weekday()] if day not in closed_days else ():
            yield _moment(day, begin, zone), _moment(day, end, zone)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return the moment at which a clock on the wall shows a time: the first of two, or as if it had not been set."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _joined(openings: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Yield openings of which one ends when the next begins as one."""
    current: tuple[datetime, datetime] | None = None
    for begin, end in openings:
        if current and begin <= current[1]:
            current = current[0], max(end, current[1])
            continue
        if current:
            yield current
        current = begin, end
    if current:
        yield current


def _in_a_row(days: list[int]) -> tuple[int, ...]:
    """Return days that go past Sunday from the first of those in a row at the end of the week."""
    if len(days) == len(DAYS) or not {0, 6} <= set(days):
        return tuple(days)
    first = 6
    while first - 1 in days:
        first -= 1
    place = days.index(first)
    return tuple(days[place:] + days[:place])


def _runs(days: tuple[int, ...]) -> list[list[int]]:
    runs: list[list[int]] = []
    for day in days:
        if runs and (runs[-1][-1] + 1) % 7 == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _stored_days(days: tuple[int, ...], times: Times) -> str:
    if len(days) == len(DAYS):
        return "" if times == _ALL_DAY else "Daily "
    runs = [DAYS[run[0]] if len(run) == 1 else f"{DAYS[run[0]]}-{DAYS[run[-1]]}" for run in _runs(days)]
    return f"{', '.join(runs)} "


def _stored_times(times: Times) -> str:
    if times == _ALL_DAY:
        return "24 hours"
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in times)


def _clock(minutes: int) -> str:
    return "24:00" if minutes == DAY else f"{minutes % DAY // 60:02}:{minutes % 60:02}"


def _read_days(days: tuple[int, ...]) -> str:
    if len(days) == len(DAYS):
        return gettext("Every day")
    names = day_names()
    runs = [names[run[0]] if len(run) == 1 else f"{names[run[0]]}–{names[run[-1]]}" for run in _runs(days)]
    return ", ".join(runs)


def day_names() -> list[str]:
    """Return the short names of the days from Monday."""
    return [
        *(gettext("Mon"), gettext("Tue"), gettext("Wed"), gettext("Thu")),
        *(gettext("Fri"), gettext("Sat"), gettext("Sun")),
    ]


def _read_times(times: Times) -> str:
    return gettext(" and ").join(_read_interval(start, end) for start, end in times)


def _read_interval(start: int, end: int) -> str:
    if (start, end) == (0, DAY):
        return gettext("24 hours")
    first, last = _read_clock(start), _read_clock(end)
    if first[-2:] == last[-2:] and end <= DAY and first[-2:] in ("AM", "PM"):
        first = first[:-3]
    words = {"from": first, "to": last}
    if end > DAY:
        return gettext("%(from)s – %(to)s the next day") % words
    return f"{first} – {last}"


def _read_clock(minutes: int) -> str:
    minutes %= DAY
    if minutes == 0:
        return gettext("midnight")
    if minutes == DAY // 2:
        return gettext("noon")
    return f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02} {'AM' if minutes < DAY // 2 else 'PM'}"


# Names people use where the name of a city alone would be odd.
_ZONE_NAMES = {
    "UTC": "UTC",
    "America/New_York": "US Eastern time",
    "America/Chicago": "US Central time",
    "America/Denver": "US Mountain time",
    "America/Phoenix": "Arizona time",
    "America/Los_Angeles": "US Pacific time",
    "America/Anchorage": "Alaska time",
    "Pacific/Honolulu": "Hawaii time",
}


@lru_cache(maxsize=1024)
def zone_name(zone: str) -> str:
    """Return the name of a time zone for visitors: "US Eastern time", "Sydney time", "UTC−5"."""
    if zone in _ZONE_NAMES:
        return gettext(_ZONE_NAMES[zone])
    if offset := stored_offset(zone):
        return offset
    return gettext("%(city)s time") % {"city": zone.rsplit("/", 1)[-1].replace("_", " ")}
