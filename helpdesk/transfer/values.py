"""Values as people write them in a file, converted to those of the models or refused with a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
from helpdesk.transfer.records import FormerSlug
from helpdesk.transfer.schema import FieldSpec, FieldType

HIGHEST_POSITION = 32_767
MAX_TEXT_LENGTH = 200_000
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}")
YES, NO = ("yes", "true", "on"), ("no", "false", "off")


class InvalidValue(Exception):
    """A value that cannot be used; the message is a sentence for people."""


def parse_value(field: FieldSpec, given: object) -> Any:
    """Return the value of a field, checked as the admin would check it, from a text or a list. Raises InvalidValue."""
    match field.type:
        case FieldType.FORMER_SLUGS:
            return tuple(map(parse_former_slug, _listed(given)))
        case FieldType.REFERENCES:
            return parse_keys(_listed(given), is_ordered=field.is_ordered)
    if not isinstance(given, str):
        raise InvalidValue(gettext("this must be text, not a list."))
    match field.type:
        case FieldType.INTEGER:
            return parse_integer(given, *_limits(field))
        case FieldType.BOOLEAN:
            return parse_boolean(given)
        case FieldType.DATETIME:
            return parse_moment(given)
        case FieldType.DATE:
            return parse_day(given)
    value = parse_text(given)
    try:
        if field.type is FieldType.TEXT:
            field.field.run_validators(value)
        if field.name == "slug":
            refuse_reserved_slug(value)
    except ValidationError as error:
        raise InvalidValue(error.messages[-1]) from None
    if field.type is FieldType.TEXT and field.field.choices:
        refuse_unknown_choice(value, [code for code, label in field.field.choices])
    return value


def refuse_unknown_choice(value: str, codes: list[str]) -> None:
    if value not in codes:
        raise InvalidValue(not_a_choice(codes))


def not_a_choice(codes: Iterable[str]) -> str:
    return gettext("one of these is expected: %(codes)s.") % {"codes": ", ".join(codes)}


def not_a_list() -> str:
    return gettext("this must be a list, with each line starting with “-”.")


def _listed(given: object) -> list[object]:
    if not isinstance(given, list):
        raise InvalidValue(not_a_list())
    return given


def parse_keys(given: list[object], *, is_ordered: bool) -> tuple[str, ...]:
    """Return the keys of the records that a relation leads to."""
    keys = [parse_text(key) for key in given if isinstance(key, str)]
    if len(keys) < len(given):
        raise InvalidValue(gettext("this must be a list of slugs."))
    if twice := [key for place, key in enumerate(keys) if key in keys[:place]]:
        raise InvalidValue(gettext("“%(key)s” is in the list twice.") % {"key": twice[0][:80]})
    return tuple(keys if is_ordered else sorted(keys))


def parse_former_slug(given: object) -> FormerSlug:
    words = {"slug": "", "in guide": "0", "until": "", "ended": ""}
    for word, value in given.items() if isinstance(given, dict) else ():
        if word not in words or not isinstance(value, str):
            raise InvalidValue(gettext("a former address needs “slug”, “in guide” and “until”."))
        words[word] = value
    if not _SLUG.fullmatch(words["slug"]):
        raise InvalidValue(gettext("the slug of a former address is missing or invalid."))
    scope = parse_integer(words["in guide"], 0, HIGHEST_NUMBER)
    ended_at = parse_moment(words["ended"]) if words["ended"] else None
    return FormerSlug(words["slug"], scope, parse_moment(words["until"]), ended_at)


def parse_text(text: str) -> str:
    """Return a text that both databases can store."""
    if "\0" in text:
        raise InvalidValue(gettext("this contains a character that isn't allowed (NUL)."))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValue(gettext("this contains a character that isn't allowed (an unpaired surrogate).")) from None
    if len(text) > MAX_TEXT_LENGTH:
        sentence = gettext("the text is too long. The limit is %(most)d characters.")
        raise InvalidValue(sentence % {"most": MAX_TEXT_LENGTH})
    return normalize_newlines(text)


def normalize_newlines(value: object) -> Any:
    """Return a text with the line ends of files: browsers send others, and nobody sees a difference."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def parse_integer(text: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or not lowest <= int(text) <= highest:
        limits = {"lowest": lowest, "highest": highest}
        raise InvalidValue(gettext("this must be a whole number from %(lowest)d to %(highest)d.") % limits)
    return int(text)


def _limits(field: FieldSpec) -> tuple[int, int]:
    is_small = isinstance(field.field, models.PositiveSmallIntegerField | models.SmallIntegerField)
    validators = field.field.validators
    lowest = [found.limit_value for found in validators if isinstance(found, MinValueValidator)]
    highest = [found.limit_value for found in validators if isinstance(found, MaxValueValidator)]
    lowest.append(1 if field.name == "number" else 0)
    return max(lowest), min([HIGHEST_POSITION if is_small else HIGHEST_NUMBER, *highest])


def parse_boolean(text: str) -> bool:
    if text.lower() not in YES + NO:
        raise InvalidValue(gettext("this must be “yes” or “no”."))
    return text.lower() in YES


def parse_moment(text: str) -> datetime:
    """Return a moment in UTC; one without a time zone is in the portal's, and a day begins at midnight."""
    try:
        found = parse_datetime(text.strip())
        if found is None and (day := parse_date(text.strip())):
            found = datetime(day.year, day.month, day.day)
        if found and is_possible(found):
            return (timezone.make_aware(found) if timezone.is_naive(found) else found).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidValue(gettext("this must be a date and time, such as 2026-11-22 09:00:00+00:00."))


def is_possible(day: date) -> bool:
    """Return whether the year is one that pages need; others make trouble in time zones."""
    return 1900 <= day.year <= 9000


def parse_day(text: str) -> date:
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None or not is_possible(found):
        raise InvalidValue(gettext("this must be a date, such as 2027-05-22."))
    return found
