"""Rows of an import into the database and into the history: the one place for both.

They go past the queryset methods of the content, which may keep a history of their own, so that each change is in the
history once, with who made it and why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

BATCH = 500

ADDED, CHANGED, REMOVED = "+", "~", "-"

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class Note:
    """Who changes something, and why."""

    user: Any
    reason: str


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


def remember(records: Sequence[Any], sign: str, note: Note) -> None:
    """Writes a row of the history for each record as it is now."""
    for batch in in_batches(records):
        book = type(batch[0]).history.model
        fields = [field.attname for field in book.tracked_fields]
        now = timezone.now()
        rows = [
            book(
                **{field: getattr(record, field) for field in fields},
                history_date=now,
                history_user=note.user,
                history_change_reason=note.reason,
                history_type=sign,
            )
            for record in batch
        ]
        models.QuerySet(book).bulk_create(rows)
        for relation in book._history_m2m_fields:
            _remember_relations(relation, batch, rows)


def _remember_relations(relation: Any, records: Sequence[Any], rows: Sequence[Any]) -> None:
    """To what each record was related then."""
    through = getattr(type(records[0]), relation.name).through
    book = getattr(type(rows[0]), relation.name).model
    owner = relation.m2m_field_name()
    row_of = {record.pk: row for record, row in zip(records, rows, strict=True)}
    fields = [field.attname for field in through._meta.fields]
    links: Any = models.QuerySet(through).filter(**{f"{owner}__in": list(row_of)})
    models.QuerySet(book).bulk_create(
        book(history=row_of[getattr(link, f"{owner}_id")], **{field: getattr(link, field) for field in fields})
        for link in links
    )
