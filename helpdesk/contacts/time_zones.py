"""Time zones of lines: those of the IANA database that are a place, and UTC; offsets that were stored before."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
MINUS = "\u2212"
# Offsets of the IANA database, whose sign is that of POSIX: "Etc/GMT+5" is five hours behind UTC.
_STORED_OFFSET = re.compile(r"Etc/(?:UTC|GMT(?:(?P<sign>[+-])(?P<hours>\d{1,2}))?)")
_OFFSET = re.compile(r"etc/.*|gmt|(?:gmt|utc?)?\s*[+\u2212-]\s*\d[\d:.]*(?:\s*h(?:ours?)?)?", re.IGNORECASE)


@cache
def time_zones() -> tuple[str, ...]:
    """Return the names of the time zones, UTC first."""
    return ("UTC", *sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS))


def is_offset(text: str) -> bool:
    """Return whether a text is a difference to UTC, which follows no clock changes."""
    return _OFFSET.fullmatch(text.strip()) is not None


def stored_offset(zone: str) -> str:
    """Return an offset as people write it, "UTC−5" for "Etc/GMT+5"; empty for every other time zone."""
    found = _STORED_OFFSET.fullmatch(zone)
    if found is None or zone not in available_timezones():
        return ""
    hours = int(found["hours"] or 0)
    sign = MINUS if found["sign"] == "+" else "+"
    return f"UTC{sign}{hours}" if hours else "UTC"
