"""Time zones that a line can have: those of the IANA database that are a place, and UTC."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones, UTC first."""
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS))
