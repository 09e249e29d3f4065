"""Values as people write them to values as the portal keeps them, or a sentence on what is wrong with them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from helpdesk.addresses.help_numbers import HIGHEST_NUMBER
from helpdesk.addresses.models import RESERVED_SLUGS
from helpdesk.transfer.schema import Form, Kind, Property
from helpdesk.transfer.snapshot import plain

HIGHEST_POSITION = 32_767
LONGEST_TEXT = 200_000
NOTHING = ("", "~", "null", "Null", "NULL")
YES, NO = ("yes", "true", "on"), ("no", "false", "off")


class Wrong(Exception):
    """A value cannot be used; the message is a sentence for people."""


def text(value: str) -> str:
    """Any text that both databases can keep."""
    if "\0" in value:
        raise Wrong(_("a character is not allowed (the NUL character)."))
    try:
        value.encode()
    except UnicodeEncodeError:
        raise Wrong(_("a character is not allowed (half of a pair).")) from None
    if len(value) > LONGEST_TEXT:
        raise Wrong(_("the text is too long (more than %(most)d characters).") % {"most": LONGEST_TEXT})
    return plain(value)


def number(value: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", value) or not lowest <= int(value) <= highest:
        limits = {"lowest": lowest, "highest": highest}
        raise Wrong(_("a whole number from %(lowest)d to %(highest)d is expected.") % limits)
    return int(value)


def switch(value: str) -> bool:
    if value.lower() in YES:
        return True
    if value.lower() in NO:
        return False
    raise Wrong(_("“yes” or “no” is expected."))


def moment(value: str) -> datetime:
    """A moment in UTC; one without a time zone is in the portal's, and a day begins at midnight."""
    try:
        found = parse_datetime(value.strip())
        if found is None and (day_only := parse_date(value.strip())):
            found = datetime(day_only.year, day_only.month, day_only.day)
        if found is not None:
            return in_utc(found)
    except (ValueError, OverflowError):
        pass
    raise Wrong(_("a moment such as 2026-11-22 09:00:00+00:00 is expected."))


def in_utc(found: datetime) -> datetime:
    """The moment in UTC. ValueError or OverflowError at the ends of time."""
    if not 1900 <= found.year <= 9000:
        raise ValueError
    return (timezone.make_aware(found) if timezone.is_naive(found) else found).astimezone(UTC)


def day(value: str) -> date:
    try:
        found = parse_date(value.strip())
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 9000:
        raise Wrong(_("a day such as 2027-05-22 is expected."))
    return found


def single(kind: Kind, entry: Property, value: str) -> Any:
    """A value that is not a list, checked as the admin would check it; raises Wrong."""
    match entry.form:
        case Form.NUMBER:
            found: Any = number(value, *_range(entry.name))
        case Form.SWITCH:
            return switch(value)
        case Form.MOMENT:
            return moment(value)
        case Form.DAY:
            return day(value)
        case Form.ONE:
            return text(value)
        case _:
            found = text(value)
    if entry.name == "number":
        return found
    if entry.name == "slug" and found in RESERVED_SLUGS:
        raise Wrong(_("“%(slug)s” is a word of the address scheme. Choose another one.") % {"slug": found})
    try:
        kind.field(entry.name).run_validators(found)
    except ValidationError as error:
        raise Wrong(error.messages[-1]) from None
    return found


def _range(name: str) -> tuple[int, int]:
    return {"number": (1, HIGHEST_NUMBER), "minutes": (1, 600)}.get(name, (0, HIGHEST_POSITION))


def is_required(kind: Kind, entry: Property) -> bool:
    """Whether a record cannot be without it."""
    if entry.form in (Form.MANY, Form.FORMER, Form.SWITCH) or entry.name in ("number", "updated_at"):
        return False
    field = kind.field(entry.name)
    return not field.blank and not field.has_default()
