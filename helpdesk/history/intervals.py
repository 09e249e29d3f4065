"""Intervals in which records stood on a page, read from the versions of the records that link the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from django.db import models
from django.db.models import QuerySet

from helpdesk.history.versions import DELETED, Field, history_of, key_name

# Model and key of a record.
RecordKey: TypeAlias = tuple[type[models.Model], int]

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Interval:
    """A record that stood on a page from a moment on, until another one where it stands there no longer."""

    model: type[models.Model]
    pk: int
    start: datetime = BEGINNING
    end: datetime | None = None

    @property
    def key(self) -> RecordKey:
        return self.model, self.pk

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def during(self, other: Interval) -> Interval | None:
        """Return the part of the interval in which the other record stood there as well."""
        start = max(self.start, other.start)
        ends = [moment for moment in (self.end, other.end) if moment is not None]
        end = min(ends, default=None)
        return Interval(self.model, self.pk, start, end) if end is None or start < end else None


def follow(model: type[models.Model], name: str, owners: Sequence[Interval]) -> list[Interval]:
    """Return the records at the other end of a foreign key, either way, while the owners stood on the page. One query.

    A record that is related by `name` to several owners, or several times, has an interval for each time.
    """
    field: Field = model._meta.get_field(name)
    link = field.field if field.one_to_many else field
    by_owner: dict[int | None, list[Interval]] = {}
    for owner in owners:
        by_owner.setdefault(owner.pk, []).append(owner)
    keys: Iterable[int | None] | QuerySet = list(by_owner)
    if field.one_to_many:
        keys = history_of(link.model).filter(**{f"{link.attname}__in": keys}).values(key_name(link.model))
    found: list[Interval] = []
    for pk, target, start, end in _periods(link, keys):
        owner_pk, found_pk = (target, pk) if field.one_to_many else (pk, target)
        if found_pk is not None:
            period = Interval(field.related_model, found_pk, start, end)
            found += [shared for owner in by_owner.get(owner_pk, ()) if (shared := period.during(owner))]
    return _merged(found)


def _periods(
    link: Field, keys: Iterable[int | None] | QuerySet
) -> Iterator[tuple[int, int | None, datetime, datetime | None]]:
    """Yield the values of a foreign key, by record, with their first moment and the next one; None while deleted."""
    attribute = key_name(link.model)
    versions = history_of(link.model).filter(**{f"{attribute}__in": keys}).order_by("history_date", "history_id")
    rows: dict[int, list[tuple[int | None, datetime]]] = {}
    for pk, kind, moment, target in versions.values_list(attribute, "history_type", "history_date", link.attname):
        rows.setdefault(pk, []).append((None if kind == DELETED else target, moment))
    for pk, known in rows.items():
        ends: list[datetime | None] = [*(moment for _target, moment in known[1:]), None]
        for (target, start), end in zip(known, ends, strict=True):
            yield pk, target, start, end


def _merged(intervals: Sequence[Interval]) -> list[Interval]:
    """Return the same times in as few intervals as possible."""
    found: list[Interval] = []
    for interval in sorted(intervals, key=lambda one: (one.model._meta.label, one.pk, one.start)):
        last = found[-1] if found else None
        if last and last.key == interval.key and (last.end is None or interval.start <= last.end):
            end = None if last.end is None or interval.end is None else max(last.end, interval.end)
            found[-1] = Interval(last.model, last.pk, last.start, end)
        else:
            found.append(interval)
    return found
