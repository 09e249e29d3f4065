"""Values as people write them in a file, converted to those of the models or refused with a sentence."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from helpdesk.addresses.help_numbers import HIGHEST_NUMBER
from helpdesk.addresses.models import refuse_reserved_slug
from helpdesk.transfer.schema import FieldSpec, FieldType

HIGHEST_POSITION = 32_767
MAX_TEXT_LENGTH = 200_000
YES, NO = ("yes", "true", "on"), ("no", "false", "off")


class InvalidValue(Exception):
    """A value that cannot be used; the message is a sentence for people."""


def parse_value(field: FieldSpec, text: str) -> Any:
    """Return the value of a field that holds no list, checked as the admin would check it. Raises InvalidValue."""
    match field.type:
        case FieldType.INTEGER:
            return parse_integer(text, *_limits(field))
        case FieldType.BOOLEAN:
            return parse_boolean(text)
        case FieldType.DATETIME:
            return parse_moment(text)
        case FieldType.DATE:
            return parse_day(text)
    value = parse_text(text)
    try:
        if field.type is FieldType.TEXT:
            field.field.run_validators(value)
        if field.name == "slug":
            refuse_reserved_slug(value)
    except ValidationError as error:
        raise InvalidValue(error.messages[-1]) from None
    return value


def parse_text(text: str) -> str:
    """Return a text that both databases can store."""
    if "\0" in text:
        raise InvalidValue(gettext("a character is not allowed (the NUL character)."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue(gettext("a character is not allowed (half of a pair).")) from None
    if len(text) > MAX_TEXT_LENGTH:
        sentence = gettext("the text is too long (more than %(most)d characters).")
        raise InvalidValue(sentence % {"most": MAX_TEXT_LENGTH})
    return normalize_newlines(text)


def normalize_newlines(value: object) -> Any:
    """Return a text with the line ends of files: browsers send others, and nobody sees a difference."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def parse_integer(text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or not lowest <= int(text) <= highest:
        limits = {"lowest": lowest, "highest": highest}
        raise InvalidValue(gettext("a whole number from %(lowest)d to %(highest)d is expected.") % limits)
    return int(text)


def parse_number(text: str) -> int:
    """Return a help number."""
    return parse_integer(text, 1, HIGHEST_NUMBER)


def _limits(field: FieldSpec) -> tuple[int, int]:
    is_small = isinstance(field.field, models.PositiveSmallIntegerField | models.SmallIntegerField)
    validators = field.field.validators
    lowest = [found.limit_value for found in validators if isinstance(found, MinValueValidator)]
    highest = [found.limit_value for found in validators if isinstance(found, MaxValueValidator)]
    lowest.append(1 if field.name == "number" else 0)
    return max(lowest), min([HIGHEST_POSITION if is_small else HIGHEST_NUMBER, *highest])


def parse_boolean(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise InvalidValue(gettext("“yes” or “no” is expected."))
    return text.lower() in YES


def parse_moment(text: str) -> datetime:
    """Return a moment in UTC; one without a time zone is in the portal's, and a day begins at midnight."""
    try:
        if found := parse_datetime(text.strip()):
            return in_utc(found)
        if day := parse_date(text.strip()):
            return in_utc(datetime(day.year, day.month, day.day))
    except (ValueError, OverflowError):
        pass
    raise InvalidValue(gettext("a moment such as 2026-11-22 09:00:00+00:00 is expected."))


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC. Raises ValueError or OverflowError for years that no page needs."""
    if not 1900 <= moment.year <= 9000:
        raise ValueError(moment.year)
    return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(UTC)


def parse_day(text: str) -> date:
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 9000:
        raise InvalidValue(gettext("a day such as 2027-05-22 is expected."))
    return found
