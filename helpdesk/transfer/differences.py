"""What differs between a record here and the same one in a file, in words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpdesk.transfer.plan import Plan, Row
from helpdesk.transfer.schema import Form, Former
from helpdesk.transfer.writer import moment

# Of these whole lines are the same or not: a list that is put in another order is no mixture of its words.
LISTS = ("checks", "related_symptoms", "former")
_LINES = re.compile(r"[^\n]+|\n")
# A word with the blanks after it, so that two texts do not have their blanks in common.
_WORDS = re.compile(r"(?:\w+|[^\s\w]) *|\s")
# Comparing takes time with the product of the lengths; longer texts are shown whole.
MOST_WORK = 4_000_000
# So many words are shown around a change.
AROUND = 12
SAME, GONE, ADDED, LEFT_OUT = "same", "gone", "added", "left out"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that is the same in both, gone, added, or the same and too long to show."""

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Difference:
    """One property: what staff call it, and its text here turned into that of the file."""

    label: str
    pieces: list[Piece]


def differences(plan: Plan, row: Row) -> Iterator[Difference]:
    """The properties that differ, in the order of the file."""
    if row.here is None:
        return
    for name in row.changed:
        before = in_words(plan, row, name, row.here.values[name], is_theirs=False)
        after = in_words(plan, row, name, row.values[name], is_theirs=True)
        yield Difference(row.item.kind.label(name), compare(before, after, _LINES if name in LISTS else _WORDS))


def in_words(plan: Plan, row: Row, name: str, value: Any, *, is_theirs: bool) -> str:
    """A value as staff read it."""
    kind = row.item.kind
    entry = next((entry for entry in kind.properties if entry.name == name), None)
    if value in (None, "", ()):
        return "–"
    if entry is None:
        return _title(plan, kind.inside, value, is_theirs)
    match entry.form:
        case Form.MOMENT:
            return date_format(timezone.localtime(value), "j F Y, H:i")
        case Form.DAY:
            return date_format(value, "j F Y")
        case Form.SWITCH:
            return _("yes") if value else _("no")
        case Form.ONE:
            return _title(plan, entry.to, value, is_theirs)
        case Form.MANY:
            titles = [_title(plan, entry.to, key, is_theirs) for key in value]
            ordered = enumerate(titles, start=1)
            return "\n".join(f"{place}. {title}" for place, title in ordered) if name == "checks" else "\n".join(titles)
        case Form.FORMER:
            return "\n".join(sorted(map(_former, value)))
    return str(value)


def _former(address: Former) -> str:
    return f"{address.slug} ({moment(address.until)[:10]})"


def _title(plan: Plan, kind: str, key: str, is_theirs: bool) -> str:
    if not is_theirs:
        found = plan.here.find(kind, key)
        return found.title if found else key
    row = plan.row(kind, key)
    # The same record has the same name on both sides, so that only another record is a difference.
    return row.title if row else plan.title(kind, key)


def compare(before: str, after: str, unit: re.Pattern[str] = _WORDS) -> list[Piece]:
    """The one text turned into the other, word by word or line by line; long stretches that stay are shortened."""
    old, new = unit.findall(before), unit.findall(after)
    if len(old) * len(new) > MOST_WORK:
        return [Piece(GONE, before), Piece(ADDED, after)]
    pieces: list[Piece] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    operations = matcher.get_opcodes()
    for place, (what, start, end, new_start, new_end) in enumerate(operations):
        if what == "equal":
            pieces += _shortened(old[start:end], is_first=place == 0, is_last=place == len(operations) - 1)
            continue
        if start < end:
            pieces.append(Piece(GONE, "".join(old[start:end])))
        if new_start < new_end:
            pieces.append(Piece(ADDED, "".join(new[new_start:new_end])))
    return pieces


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> Iterator[Piece]:
    """The words next to a change, with a sign for those between."""
    head, tail = (0 if is_first else 2 * AROUND), (0 if is_last else 2 * AROUND)
    if len(words) <= head + tail + AROUND:
        yield Piece(SAME, "".join(words))
        return
    if head:
        yield Piece(SAME, "".join(words[:head]))
    yield Piece(LEFT_OUT)
    if tail:
        yield Piece(SAME, "".join(words[-tail:]))
