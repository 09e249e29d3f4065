"""Differences between a record here and the same one in a file, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from helpdesk.history.diff import Chunk, list_diff, with_context, word_diff
from helpdesk.transfer.plan import ImportPlan, PlanRow
from helpdesk.transfer.records import FormerSlug
from helpdesk.transfer.schema import FieldSpec, FieldType


@dataclass(frozen=True)
class FieldDifference:
    """One field: its label, and its value here turned into that of the file."""

    label: str
    chunks: list[Chunk]


def differences(plan: ImportPlan, row: PlanRow) -> Iterator[FieldDifference]:
    """Yield the fields that differ, in the order of the file."""
    if row.here is None:
        return
    for name in row.changed:
        field = row.record.spec.by_name[name]
        before = value_texts(plan, field, row.here.values[name], here=True)
        after = value_texts(plan, field, row.values[name], here=False)
        if field.type in (FieldType.REFERENCES, FieldType.FORMER_SLUGS):
            chunks = list_diff(before, after, numbered=field.is_ordered)
        else:
            chunks = with_context(word_diff(before[0], after[0]))
        yield FieldDifference(field.label, chunks)


def value_texts(plan: ImportPlan, field: FieldSpec, value: Any, *, here: bool) -> list[str]:
    """Return a value as staff read it, one of the portal or one of the file; a list of values entry by entry."""
    if value in (None, "", ()):
        return [] if field.is_ordered else ["–"]
    match field.type:
        case FieldType.DATETIME:
            return [date_format(timezone.localtime(value), "j F Y, H:i")]
        case FieldType.DATE:
            return [date_format(value, "j F Y")]
        case FieldType.BOOLEAN:
            return [gettext("yes") if value else gettext("no")]
        case FieldType.REFERENCE:
            return [plan.title((field.target.name, value), here=here)]
        case FieldType.REFERENCES:
            return [plan.title((field.target.name, key), here=here) for key in value]
        case FieldType.FORMER_SLUGS:
            return sorted(map(_former_text, value))
    return [str(value)]


def _former_text(former: FormerSlug) -> str:
    words = {"slug": former.slug, "until": former.until.date()}
    return (gettext("%(slug)s (%(until)s, ended)") if former.ended_at else "%(slug)s (%(until)s)") % words
