"""What stood where, from when to when, read from the versions of the records that link the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from helpdesk.history.timeline import Order, Span
from helpdesk.history.versions import DELETED, history_of

# A record had a value from a moment on, until another one.
_Stretch = tuple[Any, datetime, datetime | None]


def below(model: type[models.Model], field: str, owners: Sequence[Span]) -> list[Span]:
    """The records whose foreign key led to one of the owners, while that stood on the page. One query."""
    by_owner: dict[Any, list[Span]] = {}
    for owner in owners:
        by_owner.setdefault(owner.pk, []).append(owner)
    history = history_of(model)
    keys = history.filter(**{f"{field}_id__in": by_owner}).values(model._meta.pk.attname)
    found = []
    for pk, stretches in _stretches(model, field, keys):
        for target, start, end in stretches:
            found += [span for owner in by_owner.get(target, ()) for span in _shared(model, pk, start, end, owner)]
    return _merged(found)


def behind(model: type[models.Model], field: str, owners: Sequence[Span]) -> list[Span]:
    """The records that the owners' foreign key led to, while the owners stood on the page. One query."""
    related: Any = model._meta.get_field(field).related_model
    by_owner: dict[Any, list[Span]] = {}
    for owner in owners:
        by_owner.setdefault(owner.pk, []).append(owner)
    found = []
    for pk, stretches in _stretches(model, field, list(by_owner)):
        for target, start, end in stretches:
            if target is not None:
                found += [span for owner in by_owner[pk] for span in _shared(related, target, start, end, owner)]
    return _merged(found)


def orders(
    model: type[models.Model], field: str, owner: Any, *, by: Sequence[str], shown: Callable[[Any], Any]
) -> list[Order]:
    """The orders of the records below an owner, oldest first; `shown` gives what each row shows. One query."""
    history, attribute = history_of(model), model._meta.pk.attname
    keys = history.filter(**{f"{field}_id": owner}).values(attribute)
    texts = [kept.name for kept in history.model._meta.fields if isinstance(kept, models.TextField)]
    versions = history.filter(**{f"{attribute}__in": keys}).defer(*texts).order_by("history_date", "history_id")
    there: dict[Any, Any] = {}
    found: list[Order] = []
    for version in versions:
        pk = getattr(version, attribute)
        there.pop(pk, None)
        if version.history_type != DELETED and getattr(version, f"{field}_id") == owner:
            there[pk] = version
        rows = sorted(there.values(), key=lambda row: tuple(getattr(row, name) for name in by))
        order = Order(version.history_date, version.history_user_id, tuple(shown(row) for row in rows))
        if found and found[-1].moment == order.moment:
            found[-1] = order  # written together: only the last state was ever there
        else:
            found.append(order)
    return found


def _stretches(model: type[models.Model], field: str, keys: Any) -> Iterator[tuple[Any, list[_Stretch]]]:
    """For each record, the values its foreign key had; None while it was deleted."""
    attribute = model._meta.pk.attname
    versions = history_of(model).filter(**{f"{attribute}__in": keys}).order_by("history_date", "history_id")
    rows: dict[Any, list[tuple[Any, datetime]]] = {}
    for pk, kind, moment, target in versions.values_list(attribute, "history_type", "history_date", f"{field}_id"):
        rows.setdefault(pk, []).append((None if kind == DELETED else target, moment))
    for pk, known in rows.items():
        ends: list[datetime | None] = [moment for _target, moment in known[1:]]
        yield pk, [(target, start, end) for (target, start), end in zip(known, [*ends, None], strict=True)]


def _shared(model: type[models.Model], pk: Any, start: datetime, end: datetime | None, owner: Span) -> Iterator[Span]:
    """The time that a record and its owner have in common."""
    start = max(start, owner.start)
    ends = [moment for moment in (end, owner.end) if moment is not None]
    last = min(ends) if ends else None
    if last is None or start < last:
        yield Span(model, pk, start, last)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The same times in as few spans as possible."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.model._meta.label, span.pk, span.start)):
        last = found[-1] if found else None
        if last and (last.model, last.pk) == (span.model, span.pk) and (last.end is None or span.start <= last.end):
            end = None if last.end is None or span.end is None else max(last.end, span.end)
            found[-1] = Span(last.model, last.pk, last.start, end)
        else:
            found.append(span)
    return found
