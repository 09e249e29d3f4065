"""Plans and results in lines of text, for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from helpdesk.history.diff import as_text
from helpdesk.transfer.differences import differences
from helpdesk.transfer.importing import Result
from helpdesk.transfer.plan import Plan, Row, State
from helpdesk.transfer.schema import KINDS

MOST_ROWS = 200


def counted(counts: Counter[str]) -> str:
    """So many of each kind, in words: "2 guides, 1 symptom"."""
    found = [f"{counts[kind.name]} {kind.named(counts[kind.name])}" for kind in KINDS if counts[kind.name]]
    return ", ".join(found) or _("nothing")


def lines(plan: Plan, chosen: Collection[str]) -> Iterator[str]:
    """What an import would do, and what of it these choices take over."""
    for state, words in (
        (State.NEW, _("New: %(counts)s")),
        (State.CHANGED, _("Changed: %(counts)s")),
        (State.CONFLICT, _("Changed, with a warning: %(counts)s")),
        (State.SAME, _("The same here and in the file: %(counts)s")),
    ):
        rows = plan.of(state)
        yield words % {"counts": counted(Counter(row.item.kind.name for row in rows))}
        telling = [row for row in rows if state is not State.SAME or row.notes]
        for row in telling[:MOST_ROWS]:
            if state is not State.NEW or row.notes or row.obstacle:
                yield from _row(plan, row, chosen)
        if len(telling) > MOST_ROWS:
            yield _("  and %(more)d more") % {"more": len(telling) - MOST_ROWS}
    yield _("Here and not in the file, left alone: %(counts)s") % {"counts": counted(plan.left_alone())}


def _row(plan: Plan, row: Row, chosen: Collection[str]) -> Iterator[str]:
    fate = ""
    if row.obstacle:
        fate = _("cannot be imported")
    elif row.changed:
        fate = _("is taken over") if row.id in chosen else _("stays as it is here")
    yield f"  {row.id}  “{row.title}”" + (f"  ({fate})" if fate else "")
    for sentence in (row.obstacle, *row.reasons, *row.notes):
        if sentence:
            yield f"    {sentence}"
    for difference in differences(plan, row):
        yield f"    {difference.label}: " + as_text(difference.chunks).replace("\n", "\n      ")


def results(result: Result) -> Iterator[str]:
    """What an import did."""
    if result.is_nothing:
        yield _("There was nothing to do.")
        return
    yield _("New: %(counts)s") % {"counts": counted(result.new)}
    yield _("Changed: %(counts)s") % {"counts": counted(result.changed)}
    if result.waiting:
        yield _("The search has yet to take in %(pages)d pages. It does so with the next search, or: reindex") % {
            "pages": result.waiting
        }
