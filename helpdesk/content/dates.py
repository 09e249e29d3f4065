"""Dates and moments in running text, the same on pages and in the admin: "November 30, 2026, 9:00 AM".

Columns of lists have the short form of `helpdesk/formats/`, which Django applies; addresses and files have ISO format.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format

DAY = "F j, Y"
MOMENT = "F j, Y, g:i A"


def day_in_words(day: date) -> str:
    """Format a day for running text: "November 30, 2026"; of a moment the day in the portal's time zone."""
    return date_format(timezone.localtime(day) if isinstance(day, datetime) else day, DAY)


def moment_in_words(moment: datetime | None) -> str:
    """Format a moment for running text, in the portal's time zone: "November 30, 2026, 9:00 AM"; None is empty."""
    return date_format(timezone.localtime(moment), MOMENT) if moment else ""
