"""Versions of records: what the history holds, and how it is brought up to what is stored.

The rows are django-simple-history's. Whatever wrote a record, `record_versions` looks at what is stored and at the
newest version, and writes a new one only where the two differ: so it can be called at any time, and as often as one
likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from simple_history.models import HistoricalRecords

CREATED, CHANGED, DELETED = "+", "~", "-"

# So many records are looked at with one query; SQLite takes no more than 32,766 values at once.
PORTION = 500

_LONGEST_REASON = 100


def is_recorded(model: type[models.Model]) -> bool:
    """Whether the history of the model's records is kept."""
    return hasattr(model._meta, "simple_history_manager_attribute")


def history_of(model: type[models.Model]) -> Any:
    """The manager of all versions of all records of a model."""
    return getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]


def watched_fields(model: type[models.Model]) -> list[Any]:
    """The fields in which two versions can differ; the moment of the last change does not count."""
    tracked = history_of(model).model.tracked_fields
    return [field for field in tracked if not field.primary_key and not getattr(field, "auto_now", False)]


def many_fields(model: type[models.Model]) -> list[Any]:
    """The relations to many that are part of a version."""
    return list(history_of(model).model._history_m2m_fields)


def versions_at(model: type[models.Model], moment: datetime | None = None, /, **lookup: Any) -> Any:
    """The version that each record had at a moment, or has now; among these, those that match the lookup.

    A record that was deleted by then has its last version, of type DELETED. One query.
    """
    history = history_of(model)
    key = model._meta.pk.attname
    same = history.model.objects.filter(**{key: OuterRef(key)})
    if moment is not None:
        same = same.filter(history_date__lte=moment)
    newest = same.order_by("-history_date", "-history_id").values("history_id")[:1]
    return history.filter(**lookup, history_id=Subquery(newest))


def living_at(model: type[models.Model], moment: datetime | None = None, /, **lookup: Any) -> Any:
    """As `versions_at`, without the records that were deleted by then."""
    return versions_at(model, moment, **lookup).exclude(history_type=DELETED)


def related_keys(versions: Sequence[Any], field: Any) -> dict[int, set[Any]]:
    """For the number of each version, the keys of the records it was related to. One query."""
    found: dict[int, set[Any]] = {version.history_id: set() for version in versions}
    for row in _kept_rows(found, field):
        found[row.history_id].add(getattr(row, _target(field)))
    return found


def record_versions(
    model: type[models.Model],
    touched: Mapping[Any, models.Model | None],
    *,
    reasons: Mapping[Any, str] | None = None,
    user: AbstractBaseUser | None = None,
    unsaved: frozenset[Any] = frozenset(),
    moment: datetime | None = None,
) -> int:
    """Brings the history of these records up to what is stored, and returns how many versions that took.

    `touched` has the records' keys, each with the record that was written or deleted where it is at hand: it may carry
    `_history_user` and `_change_reason`. `unsaved` are those that were made only just now: when they are gone again,
    nothing happened. Four queries for each portion, two more for each relation to many.
    """
    moment = moment or timezone.now()
    keys = list(touched)
    written = 0
    for start in range(0, len(keys), PORTION):
        portion = _Portion(model, keys[start : start + PORTION])
        for key in portion.keys:
            hint = touched[key]
            kind = portion.kind(key, deleted=hint if key not in unsaved else None)
            if kind:
                reason = getattr(hint, "_change_reason", None) or (reasons or {}).get(key, "")
                portion.add(key, kind, hint, moment, getattr(hint, "_history_user", None) or user, reason)
        written += portion.write()
    return written


def new_version(record: Any, key: Any, kind: str, moment: datetime, user: Any, reason: str) -> Any:
    """A version of the record as it is in memory, not saved; of one that was deleted, Django has taken the key."""
    history = history_of(type(record))
    values = {field.attname: getattr(record, field.attname) for field in history.model.tracked_fields}
    return history.model(
        history_date=moment,
        history_type=kind,
        history_user_id=user.pk if user is not None else None,
        history_change_reason=reason[:_LONGEST_REASON] or None,
        **values | {type(record)._meta.pk.attname: key},
    )


class _Portion:
    """Some records of a model: as stored, and their newest versions."""

    def __init__(self, model: type[models.Model], keys: Sequence[Any]) -> None:
        self.model, self.keys = model, keys
        self.stored = {row.pk: row for row in model._base_manager.filter(pk__in=keys)}
        attribute = model._meta.pk.attname
        newest = list(versions_at(model, **{f"{attribute}__in": keys}))
        self.newest = {getattr(version, attribute): version for version in newest}
        self.many = {field: _Many(field, keys, newest) for field in many_fields(model)}
        self.new: dict[Any, Any] = {}

    def kind(self, key: Any, *, deleted: models.Model | None) -> str:
        """What happened to a record since its newest version; empty where nothing did."""
        row, last = self.stored.get(key), self.newest.get(key)
        was_there = last is not None and last.history_type != DELETED
        if row is None:
            return DELETED if was_there or (last is None and deleted is not None) else ""
        if not was_there:
            return CREATED
        return CHANGED if self._differs(row, last) else ""

    def _differs(self, row: models.Model, last: Any) -> bool:
        if any(many.now[row.pk] != many.then[last.history_id] for many in self.many.values()):
            return True
        return any(getattr(row, f.attname) != getattr(last, f.attname) for f in watched_fields(self.model))

    def add(self, key: Any, kind: str, hint: Any, moment: datetime, user: Any, reason: str) -> None:
        record = self.stored.get(key) or hint or self.newest[key].instance
        self.new[key] = new_version(record, key, kind, getattr(hint, "_history_date", moment), user, reason)

    def write(self) -> int:
        history_of(self.model).model.objects.bulk_create(self.new.values(), batch_size=PORTION)
        for many in self.many.values():
            many.keep(self.new, self.newest)
        return len(self.new)


class _Many:
    """One relation to many of a portion of records: the keys it leads to now, and in the newest versions."""

    def __init__(self, field: Any, keys: Sequence[Any], newest: Sequence[Any]) -> None:
        self.field = field
        source = field.m2m_field_name() + "_id"
        self.source, self.target = source, _target(field)
        self.rows: dict[Any, list[Any]] = {key: [] for key in keys}
        for row in field.remote_field.through._base_manager.filter(**{f"{source}__in": keys}):
            self.rows[getattr(row, source)].append(row)
        self.now = {key: {getattr(row, self.target) for row in rows} for key, rows in self.rows.items()}
        self.kept: dict[int, list[Any]] = {version.history_id: [] for version in newest}
        for row in _kept_rows(self.kept, field):
            self.kept[row.history_id].append(row)
        self.then = {number: {getattr(row, self.target) for row in rows} for number, rows in self.kept.items()}

    def keep(self, new: Mapping[Any, Any], newest: Mapping[Any, Any]) -> None:
        """Keeps the rows with the new versions; what is deleted keeps those it had last."""
        model = HistoricalRecords.m2m_models[self.field]
        rows = []
        for key, version in new.items():
            last = newest.get(key)
            gone = version.history_type == DELETED
            for row in (self.kept[last.history_id] if last else []) if gone else self.rows[key]:
                ends = {name: getattr(row, name) for name in (self.source, self.target)}
                rows.append(model(history=version, id=row.id, **ends))
        model.objects.bulk_create(rows, batch_size=PORTION)


def _target(field: Any) -> str:
    return str(field.m2m_reverse_field_name()) + "_id"


def _kept_rows(numbers: Iterable[int], field: Any) -> Iterator[Any]:
    return iter(HistoricalRecords.m2m_models[field].objects.filter(history_id__in=list(numbers)))
