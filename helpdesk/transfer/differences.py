"""Differences between a record here and the same one in a file, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from helpdesk.history.diff import Chunk, as_html, as_text, line_diff, with_context, word_diff
from helpdesk.transfer.plan import ImportPlan, PlanRow
from helpdesk.transfer.records import FormerSlug
from helpdesk.transfer.schema import FieldSpec, FieldType

# Of these an entry that moves is no mixture of its words.
_LISTS = (FieldType.REFERENCES, FieldType.FORMER_SLUGS)


@dataclass(frozen=True)
class FieldDifference:
    """One field: its label, and its value here turned into that of the file."""

    label: str
    chunks: list[Chunk]

    @property
    def html(self) -> SafeString:
        return as_html(self.chunks, removed=gettext("[here:"), added=gettext("[in the file:"))

    @property
    def text(self) -> str:
        return as_text(self.chunks)


def differences(plan: ImportPlan, row: PlanRow) -> Iterator[FieldDifference]:
    """Yield the fields that differ, in the order of the file."""
    for name in row.changed if row.here else ():
        field = row.record.spec.by_name[name]
        before = value_text(plan, field, row.here.values[name] if row.here else None, here=True)
        after = value_text(plan, field, row.values[name], here=False)
        compare = line_diff if field.type in _LISTS else word_diff
        yield FieldDifference(field.label, with_context(compare(before, after), words=12))


def value_text(plan: ImportPlan, field: FieldSpec, value: Any, *, here: bool) -> str:
    """Return a value as staff read it, one of the portal or one of the file."""
    if value in (None, "", ()):
        return "–"
    match field.type:
        case FieldType.DATETIME:
            return date_format(timezone.localtime(value), "j F Y, H:i")
        case FieldType.DATE:
            return date_format(value, "j F Y")
        case FieldType.BOOLEAN:
            return gettext("yes") if value else gettext("no")
        case FieldType.REFERENCE:
            return plan.title((field.target.name, value), here=here)
        case FieldType.REFERENCES:
            titles = [plan.title((field.target.name, key), here=here) for key in value]
            return "\n".join(f"{n}. {title}" for n, title in enumerate(titles, 1)) if field.is_ordered else "\n".join(titles)
        case FieldType.FORMER_SLUGS:
            return "\n".join(sorted(map(_former_text, value)))
    return str(value)


def _former_text(former: FormerSlug) -> str:
    words = {"slug": former.slug, "until": former.until.date()}
    return (gettext("%(slug)s (%(until)s, ended)") if former.ended_at else "%(slug)s (%(until)s)") % words
