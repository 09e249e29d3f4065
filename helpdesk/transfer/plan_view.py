"""A plan as a page shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from helpdesk.transfer import pictures
from helpdesk.transfer.archive import Package
from helpdesk.transfer.differences import Difference, differences
from helpdesk.transfer.plan import Plan, Row, State
from helpdesk.transfer.text_report import counted

# So many rows with their differences, and so many titles, fit on a page that can be read.
MOST_ROWS = 200
MOST_TITLES = 300


@dataclass(frozen=True)
class ShownRow:
    """A row, the address of the record here, what differs, and whether it is ticked."""

    row: Row
    url: str
    differences: list[Difference]
    is_chosen: bool
    where: str  # the title of what it stands in

    @property
    def kind(self) -> str:
        return self.row.item.kind.verbose_name

    @property
    def is_choice(self) -> bool:
        return bool(self.row.changed) and not self.row.obstacle


@dataclass(frozen=True)
class Group:
    """Rows of one state: how many of each kind in words, those that are shown, and how many are not."""

    counts: str
    rows: list[ShownRow]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def context(plan: Plan, package: Package, chosen: set[str]) -> dict[str, Any]:
    """All that the page of a plan needs. No queries."""
    new = [row for row in plan.of(State.NEW) if not row.obstacle]
    changed = [row for row in plan.of(State.CHANGED) if not row.obstacle]
    conflicts = [row for row in plan.of(State.CONFLICT) if not row.obstacle]
    same = plan.of(State.SAME)
    return {
        "plan": plan,
        "new": _group(plan, new, chosen, MOST_TITLES),
        "noted": _group(plan, [row for row in (*new, *same) if row.notes], chosen, MOST_ROWS),
        "changed": _group(plan, changed, chosen, MOST_ROWS),
        "conflicts": _group(plan, conflicts, chosen, MOST_ROWS),
        "obstacles": _group(plan, [row for row in plan.rows if row.obstacle], chosen, MOST_ROWS),
        "same": counted(_count(same)),
        "left_alone": counted(plan.left_alone()),
        "has_left": bool(plan.left_alone()),
        "is_nothing": not new and not changed and not conflicts,
        "coming": len(package.pictures),
        "missing": pictures.missing(package.content.pictures, package.pictures),
    }


def _count(rows: Iterable[Row]) -> Counter[str]:
    return Counter(row.item.kind.name for row in rows)


def _group(plan: Plan, rows: list[Row], chosen: set[str], most: int) -> Group:
    shown = [
        ShownRow(row, _url(row), list(differences(plan, row)), row.id in chosen, _where(plan, row))
        for row in rows[:most]
    ]
    return Group(counted(_count(rows)), shown, len(rows))


def _where(plan: Plan, row: Row) -> str:
    return plan.title(row.item.kind.inside, row.item.parent) if row.item.kind.inside else ""


def _url(row: Row) -> str:
    if row.here is None:
        return ""
    meta = row.item.kind.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.here.pk])
