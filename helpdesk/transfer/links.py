"""Relations to many of imported records, stored for many records at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet

from helpdesk.transfer.bulk_writes import delete_rows, store_changed, store_new
from helpdesk.transfer.plan import ImportPlan, PlanRow
from helpdesk.transfer.records import RecordName
from helpdesk.transfer.schema import FieldSpec

# Added to positions while they change, so that no two are equal on the way.
_OFFSET = 10_000


class PrimaryKeys:
    """Primary keys of the records that the names in a file lead to, as far as they are stored."""

    def __init__(self, plan: ImportPlan) -> None:
        self._plan = plan
        self._found = {row.record.name: row.here.pk for row in plan.rows if row.here}

    def add(self, row: PlanRow, pk: int) -> None:
        self._found[row.record.name] = pk

    def get(self, name: RecordName) -> int | None:
        if self._plan.row(name):  # of the file: stored by now, or left out
            return self._found.get(name)
        here = self._plan.here.find(name)
        return here.pk if here else None


def store_links(field: FieldSpec, rows: Sequence[PlanRow], keys: PrimaryKeys) -> None:
    """Make the relations of these records what the rows say, in their order where it has one."""
    wanted: dict[Any, list[Any]] = {}
    for row in rows:
        if field.name in row.values:
            others = [keys.get((field.target.name, key)) for key in row.values[field.name]]
            wanted[keys.get(row.record.name)] = [key for key in others if key is not None]
    source, target = field.field.m2m_column_name(), field.field.m2m_reverse_name()
    stored: dict[Any, dict[Any, Any]] = defaultdict(dict)
    for link in QuerySet(field.through).filter(**{f"{source}__in": list(wanted)}):
        stored[getattr(link, source)][getattr(link, target)] = link
    delete_rows(link for owner, links in stored.items() for key, link in links.items() if key not in wanted[owner])
    if field.is_ordered:
        _store_order(wanted, stored)
    store_new(
        field.through(**{source: owner, target: key}, **({"position": place} if field.is_ordered else {}))
        for owner, others in wanted.items()
        for place, key in enumerate(others, start=1)
        if key not in stored[owner]
    )


def _store_order(wanted: Mapping[Any, Iterable[Any]], stored: Mapping[Any, Mapping[Any, Any]]) -> None:
    moved: list[Any] = []
    for owner, others in wanted.items():
        for place, key in enumerate(others, start=1):
            link = stored[owner].get(key)
            if link and link.position != place:
                link.position = place
                moved.append(link)
    if moved:
        pks = [link.pk for link in moved]
        QuerySet(type(moved[0])).filter(pk__in=pks).update(position=F("position") + _OFFSET)
        store_changed(moved, ["position"])
