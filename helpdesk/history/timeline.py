"""The history of a whole page: of its record, and of all that stood on it while it stood there.

What stands on a page is known by the part of the portal the page belongs to; it gives the `Span`s and the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.history.changes import Change, Lookup, changes, kind_text, names_of, order_change
from helpdesk.history.reasons import reason_text
from helpdesk.history.versions import CHANGED, DELETED, history_of

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)

# Versions of one person that follow each other within this time were one step: older ones were not written together.
_ONE_STEP = timedelta(seconds=5)

# A record: its model and its key.
Key = tuple[type[models.Model], Any]


@dataclass(frozen=True, slots=True)
class Span:
    """A record that stood on a page from a moment on, until another one where it stands there no longer."""

    model: type[models.Model]
    pk: Any
    start: datetime = BEGINNING
    end: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class Order:
    """The order in which records stand on a page from a moment on, and who made it."""

    moment: datetime
    user_id: Any
    records: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class PageHistory:
    """What stood on a page when: its own record first. `orders`, oldest first, are of what `label` says."""

    spans: Sequence[Span]
    orders: Sequence[Order] = ()
    label: str = ""

    def records_at(self, moment: datetime) -> list[Key]:
        """The records that stood on the page at a moment."""
        return list(dict.fromkeys((span.model, span.pk) for span in self.spans if span.covers(moment)))

    def order_at(self, moment: datetime) -> tuple[Key, ...]:
        """The order at a moment; empty before the first one."""
        past = [order.records for order in self.orders if order.moment <= moment]
        return past[-1] if past else ()


@dataclass(frozen=True, slots=True)
class Event:
    """One version of a record that stood on the page, or one new order."""

    moment: datetime
    user_id: Any
    record: Key
    number: int = 0  # of the version; 0 for an order
    before: int | None = None  # the number of the version before
    order: tuple[Sequence[Key], Sequence[Key]] | None = None


@dataclass
class Item:
    """What happened to one record in a step: nothing is named where it is the page's own record."""

    name: str
    url: str
    kind: str
    changes: list[Change]


@dataclass
class Step:
    """What one person changed at once, newest first in a list of steps."""

    events: list[Event]
    who: str = ""
    reasons: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    # The version of the page's own record at the end of the step; None where it touched neither that nor the order.
    version: int | None = None
    is_deletion: bool = False
    is_present: bool = False  # nothing of the record and the order has changed since

    def takes(self, event: Event) -> bool:
        """Whether an earlier event belongs to this step; two versions of one record are two steps."""
        if self.user_id != event.user_id or self.events[-1].moment - event.moment > _ONE_STEP:
            return False
        return not event.number or all(event.record != other.record or not other.number for other in self.events)

    def add(self, event: Event) -> None:
        """Takes in an event that came before the others; of several orders only the first and the last count."""
        for place, later in enumerate(self.events):
            if event.order and later.order:
                self.events[place] = replace(later, order=(event.order[0], later.order[1]))
                return
        self.events.append(event)

    @property
    def moment(self) -> datetime:
        return self.events[0].moment

    @property
    def exactly(self) -> str:
        """The moment as it goes into a form."""
        return self.moment.isoformat()

    @property
    def user_id(self) -> Any:
        return self.events[0].user_id


def steps_of(page: PageHistory, *, only_own: bool = False) -> list[Step]:
    """All steps of a page's history, newest first, without their words. One query for each model."""
    own = page.spans[0]
    spans = [own] if only_own else page.spans
    events = [*_versions(spans), *_orders(page, own)]
    events.sort(key=lambda event: (event.moment, event.number), reverse=True)
    steps: list[Step] = []
    for event in events:
        last = steps[-1] if steps else None
        if last and last.takes(event):
            last.add(event)
        else:
            steps.append(Step([event]))
    _mark(steps, (own.model, own.pk))
    return steps


def put_in_words(steps: Sequence[Step], page: PageHistory) -> None:
    """Fills in who it was and what changed. Three queries for each model, one for the people."""
    events = [event for step in steps for event in step.events]
    versions = _loaded(events)
    pairs = {e: (versions.get((e.record[0], e.before)), versions[e.record[0], e.number]) for e in events if e.number}
    lookup = Lookup.of(pairs.values())
    ordered = {key for event in events if event.order for keys in event.order for key in keys}
    named = {model: {pk for its, pk in ordered if its is model} for model, _pk in ordered}
    names = {(model, pk): name for model, keys in named.items() for pk, name in names_of(model, keys).items()}
    people = get_user_model()._default_manager.in_bulk({event.user_id for event in events} - {None})
    own = (page.spans[0].model, page.spans[0].pk)
    for step in steps:
        step.who = person(people.get(step.user_id))
        changed = [pairs[event][1] for event in step.events if event.number]
        step.is_deletion = any(
            is_deleted(pairs[event][1]) for event in step.events if event.record == own and event.number == step.version
        )
        step.reasons = list(
            dict.fromkeys(reason_text(v.history_change_reason) for v in changed if v.history_change_reason)
        )
        step.items = list(_items(step, own, pairs, page, names, lookup))


def person(user: Any) -> str:
    """The name of who changed something."""
    return (user.get_full_name() or user.get_username()) if user else _("a program")


def _versions(spans: Sequence[Span]) -> Iterator[Event]:
    by_model: dict[type[models.Model], dict[Any, list[Span]]] = {}
    for span in spans:
        by_model.setdefault(span.model, {}).setdefault(span.pk, []).append(span)
    for model, by_key in by_model.items():
        attribute = model._meta.pk.attname
        rows = history_of(model).filter(**{f"{attribute}__in": by_key}).order_by("history_date", "history_id")
        before: dict[Any, int] = {}
        for number, pk, moment, user in rows.values_list("history_id", attribute, "history_date", "history_user_id"):
            if any(span.covers(moment) for span in by_key[pk]):
                yield Event(moment, user, (model, pk), number, before.get(pk))
            before[pk] = number


def _orders(page: PageHistory, own: Span) -> Iterator[Event]:
    before: tuple[Key, ...] = ()
    for order in page.orders:
        if order.records != before:
            yield Event(order.moment, order.user_id, (own.model, own.pk), order=(before, order.records))
        before = order.records


def _mark(steps: Sequence[Step], own: Key) -> None:
    """Notes with each step that touched the page's own record or the order which version it ended with."""
    number: int | None = None
    last: Step | None = None
    for step in reversed(steps):
        mine = [event for event in step.events if event.record == own]
        numbers = [event.number for event in mine if event.number]
        number = max(numbers) if numbers else number
        if mine:
            step.version, last = number, step
    if last is not None:
        last.is_present = True


def _loaded(events: Iterable[Event]) -> dict[tuple[type[models.Model], int | None], Any]:
    wanted: dict[type[models.Model], set[int]] = {}
    for event in events:
        if event.number:
            wanted.setdefault(event.record[0], set()).update({event.number, event.before or event.number})
    return {
        (model, version.history_id): version
        for model, numbers in wanted.items()
        for version in history_of(model).filter(history_id__in=numbers)
    }


def _items(
    step: Step, own: Key, pairs: dict[Event, Any], page: PageHistory, names: dict[Key, str], lookup: Lookup
) -> Iterator[Item]:
    """The page's own record first, then the order, then the others in the order of their changes."""
    for event in sorted(step.events, key=lambda event: (event.record != own, event.order is not None)):
        if event.order is not None:
            before, after = event.order
            if before != after:
                yield Item("", "", "", [order_of(page, before, after, names)])
            continue
        old, new = pairs[event]
        # A place in the list is told by the new order of the list.
        without = ("position",) if page.orders and event.record != own else ()
        compared = old is not None and new.history_type == CHANGED
        found = changes(old, new, lookup, without=without) if compared else []
        if without and compared and not found:
            continue
        is_own = event.record == own
        yield Item(
            "" if is_own else f"{capfirst(event.record[0]._meta.verbose_name)} “{new.instance}”",
            "" if is_own else history_url(event.record),
            "" if found else _("Brought back") if is_deleted(old) else kind_text(new),
            found,
        )


def order_of(page: PageHistory, before: Sequence[Key], after: Sequence[Key], names: dict[Key, str]) -> Change:
    """The change of the order in which records stand on a page."""
    return order_change(page.label, *([names.get(key, "") for key in keys] for keys in (before, after)))


def history_url(record: Key) -> str:
    """The page with a record's history."""
    meta = record[0]._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[record[1]])


def is_deleted(version: Any) -> bool:
    """Whether the version says that the record was deleted."""
    return version is not None and version.history_type == DELETED
