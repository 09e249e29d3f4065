"""Histories of whole pages: the records that stood on a page, when, and in which order.

The registry of content kinds says which relations belong to the history of a kind's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from helpdesk.content.kinds import ContentKind, is_content, kind_of
from helpdesk.history.intervals import Interval, RecordKey, follow
from helpdesk.history.versions import Field, Version, history_of, in_order, is_deletion, key_name, ordering_of


@dataclass(frozen=True, slots=True)
class ListOrder:
    """Order in which records stand on a page from a moment on, and its author."""

    moment: datetime
    user_id: int | None
    records: tuple[RecordKey, ...]


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The records of a page, its own first, and the orders of its list, oldest first. `label` names the list."""

    intervals: Sequence[Interval]
    orders: Sequence[ListOrder] = ()
    label: str = ""

    @property
    def own(self) -> RecordKey:
        """The page's own record."""
        return self.intervals[0].key

    def records_at(self, moment: datetime) -> list[RecordKey]:
        """Return the records that stood on the page at a moment."""
        return list(dict.fromkeys(interval.key for interval in self.intervals if interval.covers(moment)))

    def order_at(self, moment: datetime) -> tuple[RecordKey, ...]:
        """Return the order at a moment; empty before the first one."""
        earlier = [order.records for order in self.orders if order.moment <= moment]
        return earlier[-1] if earlier else ()


def page_history(model: type[models.Model], pk: int) -> PageHistory:
    """Return the history of a record's page. One query for each step of a lookup, one for the order."""
    own = Interval(model, pk)
    if not is_content(model):
        return PageHistory([own])
    kind = kind_of(model)
    known = {"": (model, [own])}
    found = [interval for lookup in kind.history for interval in _along(lookup, known)[1]]
    return PageHistory([own, *found], _list_orders(kind, pk), str(kind.history_order_label))


_Found = tuple[type[models.Model], list[Interval]]


def _along(lookup: str, known: dict[str, _Found]) -> _Found:
    """Return the model at the end of a lookup and its records; `known` has those of lookups followed before."""
    if lookup not in known:
        before, _separator, name = lookup.rpartition("__")
        model, owners = _along(before, known)
        field: Field = model._meta.get_field(name)
        known[lookup] = field.related_model, follow(model, name, owners)
    return known[lookup]


def _list_orders(kind: ContentKind, pk: int) -> list[ListOrder]:
    """Return the orders of the list below a record, oldest first. One query."""
    if not kind.history_order:
        return []
    name, _separator, shown = kind.history_order.partition("__")
    field: Field = kind.model._meta.get_field(name)
    model, owner = field.related_model, field.field.attname
    rows: dict[int, Version] = {}
    found: list[ListOrder] = []
    for version in _row_versions(model, owner, pk):
        row_pk = getattr(version, key_name(model))
        rows.pop(row_pk, None)
        if not is_deletion(version) and getattr(version, owner) == pk:
            rows[row_pk] = version
        order = ListOrder(version.history_date, version.history_user_id, _in_order(model, rows, shown))
        if found and found[-1].moment == order.moment:
            found.pop()  # written together: only the last state was ever there
        found.append(order)
    return found


def _row_versions(model: type[models.Model], owner: str, pk: int) -> models.QuerySet[Version]:
    """Return all versions of the rows that once stood below the owner, without their texts."""
    history = history_of(model)
    keys = history.filter(**{owner: pk}).values(key_name(model))
    texts = [field.name for field in history.model._meta.fields if isinstance(field, models.TextField)]
    versions = history.filter(**{f"{key_name(model)}__in": keys}).defer(*texts)
    return versions.order_by("history_date", "history_id")


def _in_order(model: type[models.Model], rows: dict[int, Version], shown: str) -> tuple[RecordKey, ...]:
    """Return what each row shows: the record that its foreign key `shown` leads to, or itself."""
    own = {field.name for field in model._meta.fields if not field.is_relation}
    versions = in_order(rows.values(), [name for name in ordering_of(model) if name.lstrip("-") in own])
    field: Field = model._meta.get_field(shown) if shown else model._meta.pk
    return tuple((field.related_model if shown else model, getattr(version, field.attname)) for version in versions)
