"""Plans and results of imports in words: the context of their page, and lines of text for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from helpdesk.adminkit.html import record_url
from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.history.diff import Chunk, as_text, list_diff, with_context, word_diff
from helpdesk.transfer import images
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.plan import ImportPlan, PlanRow, RowState
from helpdesk.transfer.records import count_kinds
from helpdesk.transfer.run_import import ImportResult
from helpdesk.transfer.schema import FieldSpec, FieldType, record_specs

# So many rows with their differences, and so many titles, fit on a page that can be read.
MAX_ROWS = 200
MAX_TITLES = 300


@dataclass(frozen=True)
class FieldDifference:
    """One field: its label, and its value here turned into that of the file."""

    label: str
    chunks: list[Chunk]


def kinds_text(rows: Iterable[PlanRow]) -> str:
    """Return how many rows there are of each kind."""
    return counts_text(count_kinds(row.record for row in rows))


def counts_text(counts: Counter[str]) -> str:
    """Return how many there are of each kind: "2 guides, 1 symptom"."""
    found = [f"{counts[spec.name]} {spec.label(counts[spec.name])}" for spec in record_specs() if counts[spec.name]]
    return ", ".join(found) or gettext("none")


def differences(plan: ImportPlan, row: PlanRow) -> Iterator[FieldDifference]:
    """Yield the fields that differ, in the order of the file."""
    if row.here is None:
        return
    for name in row.changed:
        field = row.record.spec.by_name[name]
        before = _texts(plan, field, row.here.values[name], here=True)
        after = _texts(plan, field, row.values[name], here=False)
        if field.type in (FieldType.REFERENCES, FieldType.FORMER_SLUGS):
            chunks = list_diff(before, after, numbered=field.is_ordered)
        else:
            chunks = with_context(word_diff(before[0], after[0]))
        yield FieldDifference(field.label, chunks)


def _texts(plan: ImportPlan, field: FieldSpec, value: Any, *, here: bool) -> list[str]:
    """Return a value as staff read it, one of the portal or one of the file; a list of values entry by entry."""
    if value in (None, "", ()):
        return [] if field.is_ordered else ["–"]
    match field.type:
        case FieldType.DATETIME:
            return [moment_in_words(value)]
        case FieldType.DATE:
            return [day_in_words(value)]
        case FieldType.BOOLEAN:
            return [gettext("yes") if value else gettext("no")]
        case FieldType.REFERENCE:
            return [plan.title((field.target.name, value), here=here)]
        case FieldType.REFERENCES:
            return [plan.title((field.target.name, key), here=here) for key in value]
        case FieldType.FORMER_SLUGS:
            ended = gettext("%(slug)s (%(until)s, ended)")
            texts = ((ended if its.ended_at else "%(slug)s (%(until)s)", its) for its in value)
            return sorted(text % {"slug": its.slug, "until": its.until.date()} for text, its in texts)
    return [str(value)]


def plan_context(plan: ImportPlan, file: ImportFile, chosen: set[str]) -> dict[str, object]:
    """Return all that the page of a plan needs. No queries."""

    def group(rows: Iterable[PlanRow], most: int = MAX_ROWS) -> dict[str, object]:
        rows = list(rows)
        shown = [_shown(plan, row, chosen) for row in rows[:most]]
        more = len(rows) - len(shown)
        return {"counts": kinds_text(rows), "rows": shown, "total": len(rows), "more": more}

    def possible(state: RowState) -> list[PlanRow]:
        return [row for row in plan.of(state) if not row.obstacle]

    new, changed, conflicts = map(possible, (RowState.NEW, RowState.CHANGED, RowState.CONFLICT))
    left_alone = plan.left_alone()
    return {
        "plan": plan,
        "new": group(new, MAX_TITLES),
        "noted": group(row for row in (*new, *plan.of(RowState.SAME)) if row.notes),
        "changed": group(changed),
        "conflicts": group(conflicts),
        "obstacles": group(row for row in plan.rows if row.obstacle),
        "same": kinds_text(plan.of(RowState.SAME)),
        "left_alone": counts_text(left_alone),
        "has_left": bool(left_alone),
        "is_nothing": not new and not changed and not conflicts,
        "coming": len(file.pictures),
        "missing": images.missing(file.content.pictures, file.pictures),
    }


def _shown(plan: ImportPlan, row: PlanRow, chosen: set[str]) -> dict[str, object]:
    spec = row.record.spec
    return {
        "row": row,
        "kind": spec.label(),
        "parent": plan.title(row.record.parent_name),
        "differences": list(differences(plan, row)),
        "is_chosen": row.id in chosen,
        "url": record_url(spec.model(pk=row.here.pk)) if row.here else "",
    }


def plan_lines(plan: ImportPlan, chosen: Collection[str]) -> Iterator[str]:
    """Yield the effects of an import, and which changes these choices take over."""
    yield from plan.notes
    for state, words in (
        (RowState.NEW, gettext("New: %(counts)s")),
        (RowState.CHANGED, gettext("Changed: %(counts)s")),
        (RowState.CONFLICT, gettext("Changed, with warnings: %(counts)s")),
        (RowState.SAME, gettext("Unchanged: %(counts)s")),
    ):
        rows = plan.of(state)
        yield words % {"counts": kinds_text(rows)}
        listed = [row for row in rows if state is not RowState.SAME or row.notes]
        listed.sort(key=lambda row: not (row.obstacle or row.notes))
        for row in listed[:MAX_ROWS]:
            yield from _row_lines(plan, row, chosen)
        if more := len(listed[MAX_ROWS:]):
            yield gettext("  and %(more)d more") % {"more": more}
    sentence = gettext("Not in the file, unchanged: %(counts)s")
    yield sentence % {"counts": counts_text(plan.left_alone())}


def _row_lines(plan: ImportPlan, row: PlanRow, chosen: Collection[str]) -> Iterator[str]:
    fate = ""
    if row.obstacle:
        fate = gettext("can't be imported")
    elif row.changed:
        fate = gettext("will be replaced") if row.id in chosen else gettext("won't be changed")
    yield f"  {row.id}  “{row.title}”" + (f"  ({fate})" if fate else "")
    for sentence in (row.obstacle, *row.reasons, *row.notes):
        if sentence:
            yield f"    {sentence}"
    for difference in differences(plan, row):
        yield f"    {difference.label}: " + as_text(difference.chunks).replace("\n", "\n      ")


def result_lines(result: ImportResult) -> Iterator[str]:
    """Yield the outcome of an import."""
    if result.is_nothing:
        yield gettext("No changes: everything in the file is already here.")
        return
    yield gettext("New: %(counts)s") % {"counts": counts_text(result.new)}
    yield gettext("Changed: %(counts)s") % {"counts": counts_text(result.changed)}
    if result.waiting:
        sentence = gettext(
            "%(pages)d pages aren't in the search index yet. They're added with the next search, or with: reindex"
        )
        yield sentence % {"pages": result.waiting}
