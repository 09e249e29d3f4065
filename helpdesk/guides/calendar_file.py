"""Calendar file with one event, to come back after a time to wait (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.utils.translation import gettext

from helpdesk.guides.models import Resolution

# Section 3.1: a line has at most 75 octets; a longer one is folded, and each further line begins with a space.
LONGEST_LINE = 75


def calendar_file(situation: str, resolution: Resolution, *, url: str, now: datetime) -> str:
    """Return the event for the end of a resolution's time to wait, with an alarm and the address to come back to."""
    begins = now + timedelta(hours=resolution.wait_hours or 0)
    title = gettext("Try again: %(situation)s") % {"situation": situation}
    description = f"{resolution.title}\n{url}"
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Helpdesk//Reminder//EN", "BEGIN:VEVENT"),
        f"UID:{uuid4()}",
        f"DTSTAMP:{utc(now)}",
        f"DTSTART:{utc(begins)}",
        "DURATION:PT15M",
        f"SUMMARY:{escaped(title)}",
        f"DESCRIPTION:{escaped(description)}",
        f"URL:{url}",
        *("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(title)}", "TRIGGER:PT0M", "END:VALARM"),
        *("END:VEVENT", "END:VCALENDAR"),
    ]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def utc(moment: datetime) -> str:
    """Return a moment as a date-time in UTC (section 3.3.5)."""
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Return a text as a value (section 3.3.11). Any space is a plain one; control characters are no part of it."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    lines = (re.sub(r"\s", " ", line) for line in text.splitlines())
    return "\\n".join("".join(filter(str.isprintable, line)) for line in lines)


def folded(line: str) -> Iterator[str]:
    """Yield the parts of a content line, none longer than 75 octets and no character cut in two."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > LONGEST_LINE:
            yield part
            part = " "
        part += letter
    yield part
