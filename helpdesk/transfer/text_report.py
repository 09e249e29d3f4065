"""Plans and results of imports as lines of text, for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from django.utils.translation import gettext

from helpdesk.history.diff import as_text
from helpdesk.transfer.differences import differences
from helpdesk.transfer.plan import ImportPlan, PlanRow, RowState
from helpdesk.transfer.run_import import ImportResult
from helpdesk.transfer.schema import record_specs

MAX_ROWS = 200


def counts_text(kinds: Iterable[str]) -> str:
    """Return how many there are of each kind: "2 guides, 1 symptom"."""
    counts = Counter(kinds)
    found = [f"{counts[spec.name]} {spec.label(counts[spec.name])}" for spec in record_specs() if counts[spec.name]]
    return ", ".join(found) or gettext("nothing")


def plan_lines(plan: ImportPlan, chosen: Collection[str]) -> Iterator[str]:
    """Yield the effects of an import, and which changes these choices take over."""
    for state, words in (
        (RowState.NEW, gettext("New: %(counts)s")),
        (RowState.CHANGED, gettext("Changed: %(counts)s")),
        (RowState.CONFLICT, gettext("Changed, with a warning: %(counts)s")),
        (RowState.SAME, gettext("The same here and in the file: %(counts)s")),
    ):
        rows = plan.of(state)
        yield words % {"counts": counts_text(row.record.spec.name for row in rows)}
        listed = [row for row in rows if state is not RowState.SAME or row.notes]
        listed.sort(key=lambda row: not (row.obstacle or row.notes))
        for row in listed[:MAX_ROWS]:
            yield from _row_lines(plan, row, chosen)
        if more := len(listed[MAX_ROWS:]):
            yield gettext("  and %(more)d more") % {"more": more}
    left_alone = counts_text(plan.left_alone().elements())
    yield gettext("Here and not in the file, left alone: %(counts)s") % {"counts": left_alone}


def _row_lines(plan: ImportPlan, row: PlanRow, chosen: Collection[str]) -> Iterator[str]:
    fate = ""
    if row.obstacle:
        fate = gettext("cannot be imported")
    elif row.changed:
        fate = gettext("is taken over") if row.id in chosen else gettext("stays as it is here")
    yield f"  {row.id}  “{row.title}”" + (f"  ({fate})" if fate else "")
    for sentence in (row.obstacle, *row.reasons, *row.notes):
        if sentence:
            yield f"    {sentence}"
    for difference in differences(plan, row):
        yield f"    {difference.label}: " + as_text(difference.chunks).replace("\n", "\n      ")


def result_lines(result: ImportResult) -> Iterator[str]:
    """Yield the outcome of an import."""
    if result.is_nothing:
        yield gettext("There was nothing to do.")
        return
    yield gettext("New: %(counts)s") % {"counts": counts_text(result.new.elements())}
    yield gettext("Changed: %(counts)s") % {"counts": counts_text(result.changed.elements())}
    if result.waiting:
        sentence = gettext(
            "The search has yet to take in %(pages)d pages. It does so with the next search, or: reindex"
        )
        yield sentence % {"pages": result.waiting}
