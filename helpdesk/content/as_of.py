"""The moment of a preview as of a moment: parsing and formatting for addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext

# The parameter of an address, and its value for the present moment.
AS_OF = "as-of"
NOW = "now"

# Far beyond any plan, and far from the limits of calculating with time zones.
FIRST_YEAR, LAST_YEAR = 1990, 2200


class WrongMoment(ValueError):
    """A text that is not a moment; its message is for the person who typed it."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """A moment, or None for everything with drafts; `text` is its form in an address."""

    text: str = ""
    moment: datetime | None = None


def read(text: str) -> AsOf:
    """Parse "" (everything), "now", or a moment such as "2026-11-30T09:00" in the portal's time zone.

    Raises WrongMoment.
    """
    text = text.strip()
    if not text:
        return AsOf()
    if text == NOW:
        return AsOf(NOW, timezone.now())
    try:
        # Python reads no further than a NUL, and digits of all scripts.
        moment = datetime.fromisoformat(text[:40] if text.isascii() and text.isprintable() else "")
    except ValueError:
        raise WrongMoment(gettext("This isn't a valid date and time. Use this format: 2026-11-30T09:00.")) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise WrongMoment(
            gettext("Choose a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}
        )
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return AsOf(in_address(moment), moment)


def in_address(moment: datetime) -> str:
    """Format a moment for an address, "2026-11-30T09:00" in the portal's time zone, rounded up to a minute."""
    local = timezone.localtime(moment)
    if local.second or local.microsecond:
        local = (local + timedelta(minutes=1)).replace(second=0, microsecond=0)
    return local.strftime("%Y-%m-%dT%H:%M")


def next_monday(now: datetime) -> datetime:
    """Return the next Monday after today, at nine in the portal's time zone."""
    today = timezone.localtime(now).date()
    monday = today + timedelta(days=7 - today.weekday())
    return timezone.make_aware(datetime(monday.year, monday.month, monday.day, 9))
