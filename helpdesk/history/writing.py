"""Writer of versions: brings the history of records up to what is stored.

It compares what is stored with the newest version and writes a new one only where the two differ. So it can be called
at any time and any number of times, whatever wrote the records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from simple_history.models import HistoricalRecords

from helpdesk.history.reasons import MAX_LENGTH
from helpdesk.history.versions import (
    CHANGED,
    CREATED,
    DELETED,
    Field,
    Version,
    history_of,
    key_name,
    many_fields,
    relation_rows,
    source_name,
    target_name,
    versions_at,
    watched_fields,
)

# Records looked at with one query; SQLite takes no more than 32,766 values at once.
BATCH_SIZE = 500


Author: TypeAlias = AbstractBaseUser | AnonymousUser | None


@dataclass(slots=True)
class Written:
    """A record that was written: in memory if it is at hand, with the reason and the author of the write."""

    record: models.Model | None = None
    reason: str = ""
    user: Author = None
    is_new: bool = False


def write_versions(model: type[models.Model], written: Mapping[int, Written], moment: datetime) -> int:
    """Write the versions that records of a model lack, by their keys; return how many.

    A record that was new and is gone again leaves none. Four queries for each batch, two more for each many-to-many
    relation.
    """
    keys = list(written)
    batches = (keys[start : start + BATCH_SIZE] for start in range(0, len(keys), BATCH_SIZE))
    return sum(_Batch(model, batch).write(written, moment) for batch in batches)


def new_version(record: models.Model, key: int, kind: str, written: Written, moment: datetime) -> Version:
    """Return an unsaved version of a record as it is in memory. Django takes the key from one it deletes."""
    model = history_of(type(record)).model
    values = {field.attname: getattr(record, field.attname) for field in model.tracked_fields}
    return model(
        history_date=moment,
        history_type=kind,
        history_user_id=written.user.pk if written.user is not None else None,
        history_change_reason=written.reason[:MAX_LENGTH] or None,
        **values | {key_name(type(record)): key},
    )


class _Batch:
    """Some records of a model as stored, and their newest versions."""

    def __init__(self, model: type[models.Model], keys: Sequence[int]) -> None:
        self.model, self.keys = model, keys
        self.stored = {row.pk: row for row in model._base_manager.filter(pk__in=keys)}
        newest = list(versions_at(model, **{f"{key_name(model)}__in": keys}))
        self.newest = {getattr(version, key_name(model)): version for version in newest}
        self.relations = [_Relation(field, keys, newest) for field in many_fields(model)]

    def write(self, written: Mapping[int, Written], moment: datetime) -> int:
        new: dict[int, Version] = {}
        for key in self.keys:
            if kind := self._kind(key, written[key]):
                record = self.stored.get(key) or written[key].record or self.newest[key].instance
                new[key] = new_version(record, key, kind, written[key], moment)
        history_of(self.model).model.objects.bulk_create(new.values(), batch_size=BATCH_SIZE)
        for relation in self.relations:
            relation.write(new, self.newest)
        return len(new)

    def _kind(self, key: int, written: Written) -> str:
        """Return what happened to a record since its newest version; empty where nothing did."""
        row, last = self.stored.get(key), self.newest.get(key)
        existed = last is not None and last.history_type != DELETED
        if row is None:
            is_unknown = last is None and written.record is not None and not written.is_new
            return DELETED if existed or is_unknown else ""
        if not existed:
            return CREATED
        return CHANGED if self._differs(row, last) else ""

    def _differs(self, row: models.Model, last: Version) -> bool:
        if any(relation.differs(row.pk, last) for relation in self.relations):
            return True
        return any(getattr(row, f.attname) != getattr(last, f.attname) for f in watched_fields(self.model))


class _Relation:
    """A many-to-many relation of a batch of records: its rows now, and those of the newest versions."""

    def __init__(self, field: Field, keys: Sequence[int], newest: Sequence[Version]) -> None:
        self.field = field
        self.source, self.target = source_name(field), target_name(field)
        self.now: dict[int, list[models.Model]] = {key: [] for key in keys}
        for row in field.remote_field.through._base_manager.filter(**{f"{self.source}__in": keys}):
            self.now[getattr(row, self.source)].append(row)
        self.then: dict[int, list[Version]] = {version.history_id: [] for version in newest}
        for row in relation_rows(self.then, field):
            self.then[row.history_id].append(row)

    def differs(self, key: int, last: Version) -> bool:
        now, then = (
            {getattr(row, self.target) for row in rows} for rows in (self.now[key], self.then[last.history_id])
        )
        return now != then

    def write(self, new: Mapping[int, Version], newest: Mapping[int, Version]) -> None:
        """Keep the rows with the new versions; what is deleted keeps those it had last."""
        model = HistoricalRecords.m2m_models[self.field]
        rows = []
        for key, version in new.items():
            for row in self._rows(key, version, newest.get(key)):
                ends = {name: getattr(row, name) for name in (self.source, self.target)}
                rows.append(model(history=version, id=row.id, **ends))
        model.objects.bulk_create(rows, batch_size=BATCH_SIZE)

    def _rows(self, key: int, version: Version, last: Version | None) -> list[Version]:
        if version.history_type != DELETED:
            return self.now[key]
        return self.then[last.history_id] if last else []
