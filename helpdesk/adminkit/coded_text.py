"""Coded texts: sentences that are stored as a code and values, and put into words when they are shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise

from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.content.kinds import kind_named

# Values as JSON holds them. Three names have a meaning: `day` is an ISO date, `moment` an ISO date and time, and `kind`
# the name of a content kind.
TextValue = str | int

_texts: dict[str, str | Promise] = {}


@dataclass(frozen=True, slots=True)
class CodedText:
    """A sentence with placeholders under a code that never changes; `text` may be made by `ngettext_lazy`."""

    code: str
    text: str | Promise

    def __post_init__(self) -> None:
        _texts[self.code] = self.text

    def to_json(self, **values: TextValue | date) -> str:
        """Return what to store in a column for text."""
        return json.dumps({"code": self.code, "values": plain_values(values)}, ensure_ascii=False)


def plain_values(values: Mapping[str, TextValue | date]) -> dict[str, TextValue]:
    """Return the values with dates in ISO format."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def text_of_code(code: str, values: Mapping[str, TextValue]) -> str:
    """Return the sentence for a code and its values in the active language; the code itself where it is unknown."""
    text = _texts.get(code, code)
    shown = {name: _shown(name, value) for name, value in values.items()}
    return str(text % shown) if shown and code in _texts else str(text)


def text_from_json(stored: str) -> str:
    """Return the sentence that `to_json` stored; any other text as it is."""
    try:
        found = json.loads(stored)
        return text_of_code(found["code"], found["values"])
    except (ValueError, KeyError, TypeError):
        return stored


def _shown(name: str, value: TextValue) -> TextValue:
    text = str(value)
    if name == "day" and (day := parse_date(text)):
        return day_in_words(day)
    if name == "moment" and (moment := parse_datetime(text)):
        return moment_in_words(moment)
    return kind_named(text).label if name == "kind" else value
