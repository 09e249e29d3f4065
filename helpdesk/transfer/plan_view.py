"""Template context of the page that shows a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from helpdesk.transfer import images
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.differences import differences
from helpdesk.transfer.plan import ImportPlan, PlanRow, RowState
from helpdesk.transfer.text_report import counts_text

# So many rows with their differences, and so many titles, fit on a page that can be read.
MAX_ROWS = 200
MAX_TITLES = 300


@dataclass(frozen=True)
class RowGroup:
    """Rows of one state: how many of each kind in words, and those that are shown."""

    counts: str
    rows: list[dict[str, object]]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def _shown(plan: ImportPlan, row: PlanRow, chosen: set[str]) -> dict[str, object]:
    meta = row.record.spec.model._meta
    url_name = f"admin:{meta.app_label}_{meta.model_name}_change"
    return {
        "row": row,
        "kind": row.record.spec.label(),
        "parent": plan.title(row.record.parent_name),
        "differences": list(differences(plan, row)),
        "is_choice": bool(row.changed) and not row.obstacle,
        "is_chosen": row.id in chosen,
        "url": reverse(url_name, args=[row.here.pk]) if row.here else "",
    }


def plan_context(plan: ImportPlan, file: ImportFile, chosen: set[str]) -> dict[str, object]:
    """Return all that the page of a plan needs. No queries."""

    def group(rows: Iterable[PlanRow], most: int = MAX_ROWS) -> RowGroup:
        rows = list(rows)
        shown = [_shown(plan, row, chosen) for row in rows[:most]]
        return RowGroup(counts_text(row.record.spec.name for row in rows), shown, len(rows))

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
        "same": counts_text(row.record.spec.name for row in plan.of(RowState.SAME)),
        "left_alone": counts_text(left_alone.elements()),
        "has_left": bool(left_alone),
        "is_nothing": not new and not changed and not conflicts,
        "coming": len(file.pictures),
        "missing": images.missing(file.content.pictures, file.pictures),
    }
