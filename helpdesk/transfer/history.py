"""Bulk writes of an import, past the queryset methods of the content.

The history is written with `record_versions` afterwards, so that each change is in it once, with its author and reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import models

from helpdesk.history.revisions import record_versions

BATCH = 500

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Note:
    """Who changes something, and why."""

    user: Any
    reason: str

    def record(self, model: type[models.Model], records: Sequence[Any]) -> None:
        """Write the versions of records that were stored or removed."""
        record_versions(model, [record.pk for record in records], reason=self.reason, user=self.user)


class AsGiven(models.QuerySet):
    """Stores rows with exactly the values they have: no number is given out, no moment set to now."""

    def _insert(self, objs: Any, fields: Any, **kwargs: Any) -> Any:
        return super()._insert(objs, fields, **{**kwargs, "raw": True})  # type: ignore[misc]


def in_batches(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """The rows, some hundred at a time: the databases have limits for what fits into one statement."""
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def store_new(records: Sequence[Any]) -> None:
    """Stores new records, which then have their keys."""
    for batch in in_batches(records):
        AsGiven(type(batch[0])).bulk_create(batch)


def store_changed(records: Sequence[Any], fields: Sequence[str]) -> None:
    """Stores these fields of records that are there."""
    for batch in in_batches(records):
        AsGiven(type(batch[0])).bulk_create(
            batch, update_conflicts=True, unique_fields=["id"], update_fields=list(fields)
        )


def remove(records: Sequence[Any]) -> None:
    """Takes records away without what Django does around it: what has to follow is the caller's to do."""
    for batch in in_batches(records):
        found: Any = models.QuerySet(type(batch[0])).filter(pk__in=[record.pk for record in batch])
        found._raw_delete(found.db)
