"""Bulk writes of an import, in batches: the databases limit what fits into one statement.

What is recorded goes into the history as part of the import's revision. Permissions were checked by the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import models

from helpdesk.history.recording import RecordedQuerySet
from helpdesk.history.versions import is_recorded

BATCH_SIZE = 500

_Item = TypeVar("_Item")


class _RawRows(models.QuerySet):
    """Queryset that stores rows with exactly the values they have: no number is allocated, no moment set to now."""

    def _insert(self, objs: Any, fields: Any, **kwargs: Any) -> Any:
        return super()._insert(objs, fields, **{**kwargs, "raw": True})  # type: ignore[misc]


class _RawRecords(RecordedQuerySet, _RawRows):
    """The same for records with a history."""


def _rows(model: type[models.Model]) -> models.QuerySet:
    return _RawRecords(model) if is_recorded(model) else _RawRows(model)


def in_batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, BATCH_SIZE)):
        yield batch


def store_new(instances: Iterable[models.Model]) -> None:
    """Insert new rows of one model, which then have their primary keys."""
    for batch in in_batches(instances):
        _rows(type(batch[0])).bulk_create(batch)


def store_changed(instances: Iterable[models.Model], fields: Sequence[str]) -> None:
    """Update these fields of rows of one model."""
    for batch in in_batches(instances):
        rows = _rows(type(batch[0]))
        rows.bulk_create(batch, update_conflicts=True, unique_fields=["id"], update_fields=list(fields))


def delete_rows(instances: Iterable[models.Model]) -> None:
    """Delete rows of one model."""
    for batch in in_batches(instances):
        _rows(type(batch[0])).filter(pk__in=[instance.pk for instance in batch]).delete()
