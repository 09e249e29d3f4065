"""Template context of the page that shows a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from helpdesk.transfer import images
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.differences import FieldDifference, differences
from helpdesk.transfer.plan import ImportPlan, PlanRow, RowState
from helpdesk.transfer.text_report import counts_text

# So many rows with their differences, and so many titles, fit on a page that can be read.
MAX_ROWS = 200
MAX_TITLES = 300


@dataclass(frozen=True)
class ShownRow:
    """A row with its differences, and the title of the record that it is part of."""

    row: PlanRow
    differences: list[FieldDifference]
    parent: str
    is_chosen: bool

    @property
    def kind(self) -> str:
        return self.row.record.spec.label()

    @property
    def is_choice(self) -> bool:
        return bool(self.row.changed) and not self.row.obstacle

    @property
    def url(self) -> str:
        """Address of the record here in the admin."""
        meta = self.row.record.spec.model._meta
        return (
            reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[self.row.here.pk])
            if self.row.here
            else ""
        )


@dataclass(frozen=True)
class RowGroup:
    """Rows of one state: how many of each kind in words, and those that are shown."""

    counts: str
    rows: list[ShownRow]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def plan_context(plan: ImportPlan, file: ImportFile, chosen: set[str]) -> dict[str, Any]:
    """Return all that the page of a plan needs. No queries."""

    def group(rows: Iterable[PlanRow], most: int = MAX_ROWS) -> RowGroup:
        rows = list(rows)
        shown = [
            ShownRow(row, list(differences(plan, row)), plan.title(row.record.parent_name), row.id in chosen)
            for row in rows[:most]
        ]
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
