"""What differs between a record here and the same one in a file, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpdesk.history.diff import Chunk, list_diff, with_context, word_diff
from helpdesk.transfer.plan import Plan, Row
from helpdesk.transfer.schema import Form, Former
from helpdesk.transfer.writer import moment

# Of these whole lines are the same or not: a list that is put in another order is no mixture of its words.
LISTS = ("checks", "related_symptoms", "former")


@dataclass(frozen=True)
class Difference:
    """One property: what staff call it, and its text here turned into that of the file."""

    label: str
    chunks: list[Chunk]


def differences(plan: Plan, row: Row) -> Iterator[Difference]:
    """The properties that differ, in the order of the file."""
    if row.here is None:
        return
    for name in row.changed:
        before = in_words(plan, row, name, row.here.values[name], is_theirs=False)
        after = in_words(plan, row, name, row.values[name], is_theirs=True)
        chunks = (
            list_diff(before.split("\n"), after.split("\n"), numbered=False)
            if name in LISTS
            else with_context(word_diff(before, after))
        )
        yield Difference(row.item.kind.label(name), chunks)


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
