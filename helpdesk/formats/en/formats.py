"""Formats of columns: "Nov 30, 2026, 9:00 AM". Running text has the long form of `helpdesk/content/dates.py`."""

from __future__ import annotations

DATE_FORMAT = SHORT_DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "M j, Y, g:i A"
TIME_FORMAT = "g:i A"
