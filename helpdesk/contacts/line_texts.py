"""Readers of the texts of a contact line as people write them, for its form in the admin and for imported files."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils.translation import gettext

from helpdesk.contacts.hours_text import parse_closed_days, parse_hours, parse_zone
from helpdesk.contacts.numbers import InvalidNumber, parse


def parse_extension(text: str) -> str:
    """Return the digits of an extension. Raises InvalidNumber."""
    if not (text.isascii() and text.isdecimal()):
        raise InvalidNumber(gettext("“%(typed)s” isn't an extension. Enter digits only.") % {"typed": text})
    return text


# Each returns the one form in which its text is stored, or raises a ValueError that says what to enter.
READERS: Mapping[str, Callable[[str], str]] = {
    "extension": parse_extension,
    "hours": lambda text: str(parse_hours(text)),
    "time_zone": parse_zone,
    "closed_days": lambda text: ", ".join(map(str, parse_closed_days(text))),
}
READABLE = ("number", *READERS)


def missing_zone() -> str:
    return gettext("Choose the time zone of these hours.")


def read_texts(values: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """Return the texts of a line as they are stored, and a sentence for each one that cannot be read."""
    texts = {name: str(values.get(name) or "").strip() for name in READABLE}
    found: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, read in READERS.items():
        try:
            found |= {name: read(texts[name])} if texts[name] else {}
        except ValueError as error:
            faults[name] = str(error)
    if "hours" in found and not texts["time_zone"]:
        faults["time_zone"] = missing_zone()
    if texts["number"]:
        try:
            number = parse(texts["number"], "" if "extension" in faults else texts["extension"])
        except InvalidNumber as error:
            faults["number"] = str(error)
        else:
            found["number"] = number.text
            if number.extension and "extension" not in faults:
                found["extension"] = number.extension
    return found, faults
