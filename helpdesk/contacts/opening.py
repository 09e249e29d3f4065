"""Opening hours of one line as its pages show them: in words, and as data for their script."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from helpdesk.contacts.hours import Hours
from helpdesk.contacts.hours_text import InvalidHours, parse_closed_days, parse_hours, parse_zone
from helpdesk.contacts.time_zones import stored_offset


@dataclass(frozen=True, slots=True)
class Opening:
    """Hours, time zone and closed days of a line."""

    hours: Hours
    zone: str
    closed_days: tuple[date, ...]

    @property
    def words(self) -> str:
        return self.hours.words(self.zone)

    @property
    def data(self) -> str:
        """Day, from and to of each interval as JSON, for static/js/hours.js."""
        return json.dumps(self.hours.intervals, separators=(",", ":"))

    @property
    def closed_data(self) -> str:
        return " ".join(map(str, self.closed_days))


@lru_cache(maxsize=512)
def read_opening(hours: str, zone: str, closed_days: str) -> Opening | None:
    """Return the opening of stored texts; None where one of them cannot be read.

    An offset is refused by the form, but may be stored.
    """
    try:
        place = zone if stored_offset(zone) else parse_zone(zone)
        return Opening(parse_hours(hours), place, parse_closed_days(closed_days))
    except InvalidHours:
        return None
