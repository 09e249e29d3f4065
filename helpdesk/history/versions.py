"""Versions of records: read access to the rows of django-simple-history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from django.db import models
from django.db.models import Manager, OuterRef, QuerySet, Subquery
from simple_history.models import HistoricalRecords

CREATED, CHANGED, DELETED = "+", "~", "-"

# A row of the history of some model. django-simple-history makes the model, so that it has no class in the source.
Version: TypeAlias = Any
Field: TypeAlias = Any

_Row = TypeVar("_Row")


def is_versioned(model: type[models.Model]) -> bool:
    """Return True for a model with a history."""
    return hasattr(model._meta, "simple_history_manager_attribute")


@cache
def history_of(model: type[models.Model]) -> Manager[Version]:
    """Return the manager of all versions of all records of a model; the library makes a class of it at each access."""
    return getattr(model, vars(model._meta)["simple_history_manager_attribute"])


def watched_fields(model: type[models.Model]) -> list[Field]:
    """Return the fields in which two versions can differ; the moment of the last change does not count."""
    tracked = history_of(model).model.tracked_fields
    return [field for field in tracked if not field.primary_key and not getattr(field, "auto_now", False)]


def many_fields(model: type[models.Model]) -> list[Field]:
    """Return the many-to-many relations that are part of a version."""
    return list(history_of(model).model._history_m2m_fields)


def key_name(model: type[models.Model]) -> str:
    """Return the attribute with a record's key, which its versions have under the same name."""
    return model._meta.pk.attname


def versions_at(model: type[models.Model], moment: datetime | None = None, /, **lookup: object) -> QuerySet[Version]:
    """Return the version that each record had at a moment, or has now; of these, those that match the lookup.

    A record that was deleted by then has its last version, of type DELETED. One query.
    """
    history = history_of(model)
    key = key_name(model)
    same = history.model.objects.filter(**{key: OuterRef(key)})
    if moment is not None:
        same = same.filter(history_date__lte=moment)
    newest = same.order_by("-history_date", "-history_id").values("history_id")[:1]
    return history.filter(**lookup, history_id=Subquery(newest))


def living_at(model: type[models.Model], moment: datetime | None = None, /, **lookup: object) -> QuerySet[Version]:
    """Return the same as `versions_at`, without the records that were deleted by then."""
    return versions_at(model, moment, **lookup).exclude(history_type=DELETED)


def is_deletion(version: Version | None) -> bool:
    """Return True for the version that a deletion left."""
    return version is not None and version.history_type == DELETED


def related_keys(versions: Sequence[Version], field: Field) -> dict[int, set[int]]:
    """Return the keys of the records to which each version was related, by the version's number. One query."""
    found: dict[int, set[int]] = {version.history_id: set() for version in versions}
    for row in relation_rows(found, field):
        found[row.history_id].add(getattr(row, target_name(field)))
    return found


def relation_rows(numbers: Iterable[int], field: Field) -> QuerySet[Version]:
    """Return the rows of a many-to-many relation that the versions with these numbers keep."""
    return HistoricalRecords.m2m_models[field].objects.filter(history_id__in=list(numbers))


def source_name(field: Field) -> str:
    """Return the attribute of a relation's row with the key of the record that has the relation."""
    return f"{field.m2m_field_name()}_id"


def target_name(field: Field) -> str:
    """Return the attribute of a relation's row with the key of the record it leads to."""
    return f"{field.m2m_reverse_field_name()}_id"


def ordering_of(model: type[models.Model]) -> list[str]:
    """Return the names by which a model is ordered."""
    return [name for name in model._meta.ordering or () if isinstance(name, str)]


def in_order(records: Iterable[_Row], names: Sequence[str]) -> list[_Row]:
    """Return records or versions ordered by the values they have in memory, as a query would order what is stored."""
    found = list(records)
    for name in reversed(names):
        found.sort(key=partial(_value, attrgetter(name.lstrip("-").replace("__", "."))), reverse=name.startswith("-"))
    return found


def _value(getter: attrgetter, record: object) -> tuple[bool, Any]:
    value = getter(record)
    return value is not None, value.pk if isinstance(value, models.Model) else value
