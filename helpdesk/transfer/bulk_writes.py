"""Bulk writes of an import, in batches: the databases limit what fits into one statement.

What is recorded goes into the history as part of the import's revision. Permissions were checked by the plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from helpdesk.history.versioned import VersionedQuerySet
from helpdesk.history.versions import is_versioned
from helpdesk.transfer.schema import FieldSpec

BATCH_SIZE = 500
# Added to positions while they change, so that no two are equal on the way.
_OFFSET = 10_000

_Item = TypeVar("_Item")


class _RawRecords(VersionedQuerySet):
    """Queryset that stores records with exactly the values they have: no new number, no moment set to now."""

    def _insert(self, objs: Any, fields: Any, **kwargs: Any) -> Any:
        return super()._insert(objs, fields, **{**kwargs, "raw": True})  # type: ignore[misc]


def _rows(model: type[Model]) -> QuerySet[Any]:
    return _RawRecords(model) if is_versioned(model) else QuerySet(model)


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH_SIZE)):
        yield batch


def store_new(instances: Iterable[Model]) -> None:
    """Insert new rows of one model, which then have their primary keys."""
    for batch in in_batches(instances):
        _rows(type(batch[0])).bulk_create(batch)


def store_changed(instances: Iterable[Model], fields: Sequence[str]) -> None:
    """Update these fields of rows of one model."""
    for batch in in_batches(instances):
        rows = _rows(type(batch[0]))
        rows.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=list(fields))


def store_links(field: FieldSpec, wanted: Mapping[int, Sequence[int]]) -> None:
    """Make the relations of these records to others what is wanted, in this order where the relation has one."""
    source, target = field.field.m2m_column_name(), field.field.m2m_reverse_name()
    stored: dict[int, dict[int, Any]] = defaultdict(dict)
    for batch in in_batches(wanted):
        for link in QuerySet[Any](field.through).filter(**{f"{source}__in": batch}):
            stored[getattr(link, source)][getattr(link, target)] = link
    gone = [link.pk for owner, links in stored.items() for key, link in links.items() if key not in wanted[owner]]
    for batch in in_batches(gone):
        _rows(field.through).filter(pk__in=batch).delete()
    new, moved = [], []
    for owner, others in wanted.items():
        for place, key in enumerate(others, start=1):
            position = {"position": place} if field.is_ordered else {}
            link = stored[owner].get(key)
            if link is None:
                new.append(field.through(**{source: owner, target: key}, **position))
            elif field.is_ordered and link.position != place:
                link.position = place
                moved.append(link)
    for batch in in_batches(link.pk for link in moved):
        QuerySet[Any](field.through).filter(pk__in=batch).update(position=F("position") + _OFFSET)
    store_new(new)
    store_changed(moved, ["position"])
