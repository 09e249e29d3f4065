"""Records as of a moment in the past, made from the versions of that time and never from what is stored today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.content.publishing import Publishable, State
from helpdesk.history.versions import Field, Version, in_order, key_name, living_at, ordering_of, related_keys

_Record = TypeVar("_Record", bound=models.Model)


class HiddenReason(models.TextChoices):
    """Reason why visitors did not see a page at a moment."""

    DRAFT = "draft", _("It was a draft.")
    SCHEDULED = "scheduled", _("It was scheduled.")
    ARCHIVED = "archived", _("It was archived.")


@dataclass(frozen=True, slots=True)
class AsOfPage:
    """A public page as of a moment: its template and context, and the reason why visitors did not see it."""

    template: str
    context: dict[str, object]
    hidden: models.TextChoices | None
    lost: int = 0  # rows whose text of that time is not known


def hidden_reason(page: Publishable, moment: datetime) -> HiddenReason | None:
    """Return why a page was not public at a moment, by its own state; None where it was."""
    state = page.state_at(moment)
    return None if state == State.PUBLISHED else HiddenReason(state.value)


class RecordsAt:
    """Loader of records as of a moment, with the related records of that moment. One query for each step of a lookup.

    A record is left out where nothing is known of a record it cannot do without. `lost` counts such rows below others.
    """

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.lost = 0

    def get(self, model: type[_Record], pk: int, lookups: Iterable[str] = ()) -> Any:
        """Return a record with the records at the end of each lookup; None where it did not exist."""
        found = self.filter(model, lookups, **{key_name(model): pk})
        return found[0] if found else None

    def filter(self, model: type[_Record], lookups: Iterable[str] = (), **conditions: object) -> list[_Record]:
        """Return the records whose versions matched the conditions."""
        return self._load(model, lookups, **conditions)[0]

    def _by_key(self, model: type[_Record], keys: set[int], lookups: Iterable[str]) -> dict[int, _Record]:
        found = self.filter(model, lookups, **{f"{key_name(model)}__in": keys}) if keys else []
        return {record.pk: record for record in found}

    def _load(self, model: type[_Record], lookups: Iterable[str], **conditions: object) -> tuple[list[_Record], int]:
        """Return the records, and the number of those that were left out."""
        versions = list(living_at(model, self.moment, **conditions))
        records = [version.instance for version in versions]
        for name, further in _by_first_part(lookups).items():
            field: Field = model._meta.get_field(name)
            if field.one_to_many:
                self._attach_rows(field, records, further)
            elif field.many_to_many:
                self._attach_many(field, versions, records, further)
            else:
                records = self._with_target(field, records, further)
        return records, len(versions) - len(records)

    def _with_target(self, field: Field, records: list[_Record], further: list[str]) -> list[_Record]:
        keys = {getattr(record, field.attname) for record in records} - {None}
        targets = self._by_key(field.related_model, keys, further)
        kept = [record for record in records if field.null or getattr(record, field.attname) in targets]
        for record in kept:
            setattr(record, field.name, targets.get(getattr(record, field.attname)))
        return kept

    def _attach_rows(self, field: Field, owners: list[_Record], further: list[str]) -> None:
        source, by_key = field.field, {owner.pk: owner for owner in owners}
        rows, lost = self._load(field.related_model, further, **{f"{source.attname}__in": by_key})
        self.lost += lost
        for row in rows:
            setattr(row, source.name, by_key[getattr(row, source.attname)])
        for owner in owners:
            mine = [row for row in rows if getattr(row, source.attname) == owner.pk]
            _set_related(owner, field.get_accessor_name(), field.related_model, mine)

    def _attach_many(self, field: Field, versions: list[Version], records: list[_Record], further: list[str]) -> None:
        keys = {getattr(v, key_name(v.instance_type)): found for v, found in _related(versions, field)}
        targets = self._by_key(field.related_model, set().union(*keys.values()), further)
        for record in records:
            mine = [target for key, target in targets.items() if key in keys[record.pk]]
            _set_related(record, field.name, field.related_model, mine)


def _related(versions: list[Version], field: Field) -> Iterator[tuple[Version, set[int]]]:
    keys = related_keys(versions, field)
    return ((version, keys[version.history_id]) for version in versions)


def _by_first_part(lookups: Iterable[str]) -> dict[str, list[str]]:
    """Return, for the first part of each lookup, what follows it."""
    found: dict[str, list[str]] = {}
    for lookup in lookups:
        name, _separator, rest = lookup.partition("__")
        found.setdefault(name, []).extend([rest] if rest else [])
    return found


def _set_related(owner: models.Model, name: str, model: type[_Record], rows: list[_Record]) -> None:
    """Give the owner its related rows as Django's prefetching does, so that the code of pages finds them there."""
    found = model._default_manager.none()
    vars(found).update(_result_cache=in_order(rows, ordering_of(model)), _prefetch_done=True)
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = found
