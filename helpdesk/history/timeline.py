"""Timeline of a page: what its people changed, newest first, of its own record and of all that stood on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from helpdesk.adminkit.html import record_text
from helpdesk.history.changes import FieldChange, NameLookup, changes, kind_text, names_of
from helpdesk.history.diff import as_html, list_diff
from helpdesk.history.intervals import Interval, RecordKey
from helpdesk.history.page_history import PageHistory
from helpdesk.history.reasons import reason_text
from helpdesk.history.versions import CHANGED, Version, history_of, is_deletion, key_name
from helpdesk.permissions.names import display_name

# Versions of one person within this time are one entry: rows from before `revision()` were not written together.
_ONE_ENTRY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Event:
    """One version of a record that stood on the page, or one new order of its list."""

    moment: datetime
    user_id: int | None
    record: RecordKey
    number: int = 0  # of the version; 0 for an order
    before: int | None = None  # the number of the version before
    order: tuple[Sequence[RecordKey], Sequence[RecordKey]] | None = None


@dataclass
class RecordChanges:
    """Changes of one record; the name and the URL are empty for the page's own record."""

    name: str
    url: str
    kind: str
    changes: list[FieldChange]

    @classmethod
    def of(cls, key: RecordKey, version: Version, own: RecordKey, kind: str, found: list[FieldChange]) -> RecordChanges:
        if key == own:
            return cls("", "", kind, found)
        name = record_text(version.instance)
        return cls(name, history_url(key), kind, found)


@dataclass
class TimelineEntry:
    """Changes of one person at one moment; the events are newest first."""

    events: list[Event]
    who: str = ""
    reasons: list[str] = field(default_factory=list)
    items: list[RecordChanges] = field(default_factory=list)
    # The version of the page's own record at the end of the entry; None where it touched neither that nor the order.
    version: int | None = None
    is_deletion: bool = False
    is_present: bool = False  # nothing of the record and the order has changed since

    def takes(self, event: Event) -> bool:
        """Return True for an earlier event of this entry; two versions of one record are two entries."""
        if self.user_id != event.user_id or self.events[-1].moment - event.moment > _ONE_ENTRY:
            return False
        return not event.number or all(event.record != other.record or not other.number for other in self.events)

    def add(self, event: Event) -> None:
        """Add an event that came before the others; of several orders only the first and the last count."""
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
        """The moment as a form sends it."""
        return self.moment.isoformat()

    @property
    def user_id(self) -> int | None:
        return self.events[0].user_id


def timeline(page: PageHistory, *, only_own: bool = False) -> list[TimelineEntry]:
    """Return all entries of a page, newest first, without texts. One query for each model."""
    intervals = page.intervals[:1] if only_own else page.intervals
    events = [*_version_events(intervals), *_order_events(page)]
    events.sort(key=lambda event: (event.moment, event.number), reverse=True)
    entries: list[TimelineEntry] = []
    for event in events:
        if entries and entries[-1].takes(event):
            entries[-1].add(event)
        else:
            entries.append(TimelineEntry([event]))
    _mark_versions(entries, page.own)
    return entries


def add_texts(entries: Sequence[TimelineEntry], page: PageHistory) -> None:
    """Add to each entry who it was and what changed. Three queries for each model, one for the people."""
    events = [event for entry in entries for event in entry.events]
    texts = _Texts(page, events)
    people = get_user_model()._default_manager.in_bulk({event.user_id for event in events} - {None})
    for entry in entries:
        entry.who = display_name(people.get(entry.user_id), missing=gettext("the system"))
        new = {event: texts.pairs[event][1] for event in entry.events if event.number}
        entry.is_deletion = any(
            is_deletion(new[event]) for event in new if event.record == page.own and event.number == entry.version
        )
        reasons = dict.fromkeys(version.history_change_reason for version in new.values())
        entry.reasons = [reason_text(reason) for reason in reasons if reason]
        entry.items = list(texts.items(entry))


def _version_events(intervals: Sequence[Interval]) -> Iterator[Event]:
    by_model: dict[type[models.Model], dict[int, list[Interval]]] = {}
    for interval in intervals:
        by_model.setdefault(interval.model, {}).setdefault(interval.pk, []).append(interval)
    for model, by_key in by_model.items():
        attribute = key_name(model)
        rows = history_of(model).filter(**{f"{attribute}__in": by_key}).order_by("history_date", "history_id")
        before: dict[int, int] = {}
        for number, pk, moment, user in rows.values_list("history_id", attribute, "history_date", "history_user_id"):
            if any(interval.covers(moment) for interval in by_key[pk]):
                yield Event(moment, user, (model, pk), number, before.get(pk))
            before[pk] = number


def _order_events(page: PageHistory) -> Iterator[Event]:
    before: tuple[RecordKey, ...] = ()
    for order in page.orders:
        if order.records != before:
            yield Event(order.moment, order.user_id, page.own, order=(before, order.records))
        before = order.records


def _mark_versions(entries: Sequence[TimelineEntry], own: RecordKey) -> None:
    """Note the version of the page's own record with which each entry ended that touched it or the order."""
    number: int | None = None
    last: TimelineEntry | None = None
    for entry in reversed(entries):
        mine = [event for event in entry.events if event.record == own]
        number = max((event.number for event in mine if event.number), default=number)
        if mine:
            entry.version, last = number, entry
    if last is not None:
        last.is_present = True


class _Texts:
    """Everything that the texts of some events need, loaded at once."""

    def __init__(self, page: PageHistory, events: Sequence[Event]) -> None:
        self.page = page
        versions = _loaded(events)
        self.pairs: dict[Event, tuple[Version | None, Version]] = {
            event: (versions.get((event.record[0], event.before)), versions[event.record[0], event.number])
            for event in events
            if event.number
        }
        self.lookup = NameLookup.of(self.pairs.values())
        self.names = names_of_all(key for event in events if event.order for keys in event.order for key in keys)

    def items(self, entry: TimelineEntry) -> Iterator[RecordChanges]:
        """Yield the changes of the page's own record, then of the order, then of the others as they came."""
        own = self.page.own
        for event in sorted(entry.events, key=lambda event: (event.record != own, event.order is not None)):
            if event.order is None:
                yield from self._item(event)
            elif event.order[0] != event.order[1]:
                yield RecordChanges("", "", "", [order_of(self.page, *event.order, self.names)])

    def _item(self, event: Event) -> Iterator[RecordChanges]:
        old, new = self.pairs[event]
        # The new order of the list says where a record of the list stands.
        without = ("position",) if self.page.orders and event.record != self.page.own else ()
        compared = old is not None and new.history_type == CHANGED
        found = changes(old, new, self.lookup, without=without) if compared else []
        if without and compared and not found:
            return
        kind = "" if found else gettext("Restored") if is_deletion(old) else kind_text(new)
        yield RecordChanges.of(event.record, new, self.page.own, kind, found)


def _loaded(events: Iterable[Event]) -> dict[tuple[type[models.Model], int | None], Version]:
    wanted: dict[type[models.Model], set[int]] = {}
    for event in events:
        if event.number:
            wanted.setdefault(event.record[0], set()).update({event.number, event.before or event.number})
    return {
        (model, version.history_id): version
        for model, numbers in wanted.items()
        for version in history_of(model).filter(history_id__in=numbers)
    }


def names_of_all(keys: Iterable[RecordKey]) -> dict[RecordKey, str]:
    """Return the names of records of several models. Two queries for each model."""
    by_model: dict[type[models.Model], set[int]] = {}
    for model, pk in keys:
        by_model.setdefault(model, set()).add(pk)
    return {(model, pk): name for model, pks in by_model.items() for pk, name in names_of(model, pks).items()}


def order_of(
    page: PageHistory, before: Sequence[RecordKey], after: Sequence[RecordKey], names: dict[RecordKey, str]
) -> FieldChange:
    """Return the change of the order in which records stand on a page: the new one, with what was removed from it."""
    old, new = ([names.get(key, "") for key in keys] for keys in (before, after))
    return FieldChange(page.label, as_html(list_diff(old, new)))


def history_url(record: RecordKey) -> str:
    """Return the URL of a record's history in the admin."""
    meta = record[0]._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[record[1]])
