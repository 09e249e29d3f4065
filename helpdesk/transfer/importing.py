"""Doing what a plan says: all of it, in one transaction, or nothing."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.adminkit.progress import ProgressStep
from helpdesk.search import index
from helpdesk.transfer import history, pictures, validation
from helpdesk.transfer.history import Note
from helpdesk.transfer.models import Upload
from helpdesk.transfer.permissions import Person
from helpdesk.transfer.plan import Plan, Row, State, make_plan
from helpdesk.transfer.relations import Keys, store_checks, store_related
from helpdesk.transfer.schema import KINDS, Content, Form, Kind

log = logging.getLogger(__name__)

LONGEST_REASON = 100  # what the history keeps


class PlanChanged(Exception):
    """Somebody changed the content since the plan was shown; nothing was written."""


@dataclass(frozen=True)
class Order:
    """What a person decided after seeing the plan with this fingerprint."""

    theirs: Content
    name: str  # of the file
    chosen: Collection[str]  # the changed rows to take over
    fingerprint: str
    as_drafts: bool = False
    pictures: Mapping[str, bytes] = field(default_factory=dict)  # what their files hold, by their names


@dataclass(frozen=True)
class Result:
    """How many records of each kind were written, and how many pages the search has yet to take in."""

    new: Counter[str]
    changed: Counter[str]
    waiting: int = 0

    @property
    def is_nothing(self) -> bool:
        return not self.new and not self.changed


def carry_out(order: Order, person: Person) -> Generator[ProgressStep, None, Result]:
    """Imports, and brings the search in step.

    Raises PlanChanged, checking.Broken or faults.Refused, and then nothing was written.
    """
    files: list[Path] = []
    try:
        with transaction.atomic():
            result = yield from _import(order, person, files)
    except BaseException as error:  # also when the person leaves the page
        pictures.take_away(files)
        if isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
            # Somebody took a slug or a number in the same moment.
            log.warning("an import was given up: %s", error)
            raise PlanChanged from error
        raise
    waiting = yield from catch_up_with_search()
    return replace(result, waiting=waiting)


def _import(order: Order, person: Person, files: list[Path]) -> Generator[ProgressStep, None, Result]:
    yield ProgressStep(0, 0, _("records compared"))
    plan = make_plan(order.theirs, person, as_drafts=order.as_drafts)
    _hold(plan, order.chosen)
    # Once more, now that nobody can change what will be changed.
    plan = make_plan(order.theirs, person, as_drafts=order.as_drafts)
    if plan.fingerprint != order.fingerprint:
        raise PlanChanged
    written = plan.written(order.chosen)
    note = Note(person.user, (_("Imported from %(name)s") % {"name": order.name})[:LONGEST_REASON])
    if order.pictures and (person.may_add(pictures.book()) if pictures.book() else True):
        files += pictures.store(order.pictures, order.theirs.pictures, note)
    yield from Writing(plan, written, note).steps()
    yield from validation.check(plan, written)
    result = Result(_counted(written, State.NEW), _counted(written, State.CHANGED) + _counted(written, State.CONFLICT))
    _log(person, note, result)
    return result


def _counted(rows: list[Row], state: State) -> Counter[str]:
    return Counter(row.item.kind.name for row in rows if row.state is state)


def _hold(plan: Plan, chosen: Collection[str]) -> None:
    """Locks the rows that are about to be changed."""
    for kind in KINDS:
        pks = [row.here.pk for row in plan.written(chosen) if row.here and row.item.kind is kind]
        for batch in history.in_batches(pks):
            list(kind.model._default_manager.select_for_update().filter(pk__in=batch).order_by("pk").values("pk"))


class Writing:
    """Writes the rows of a plan, kind after kind, what others refer to first."""

    def __init__(self, plan: Plan, rows: list[Row], note: Note) -> None:
        self.plan, self.rows, self.note = plan, rows, note
        self.keys = Keys(plan)
        self.done = 0
        self.now = timezone.now()

    def steps(self) -> Iterator[ProgressStep]:
        self._reserve_numbers()
        for kind in KINDS:
            rows = [row for row in self.rows if row.item.kind is kind]
            for is_new in (True, False):
                some = [row for row in rows if (row.state is State.NEW) is is_new]
                for batch in history.in_batches(some):
                    self._write(kind, batch, is_new)
                    self.done += len(batch)
                    yield ProgressStep(self.done, len(self.rows), _("records"))
        self._former_addresses()

    def _reserve_numbers(self) -> None:
        """The numbers of the plan, so that nobody else is given one of them."""
        numbers = {
            row.number: row.item.kind.model.address_kind  # type: ignore[attr-defined]
            for row in self.rows
            if row.state is State.NEW and row.number is not None
        }
        known: set[int] = set()
        for batch in history.in_batches(list(numbers)):
            known |= set(HelpNumber.objects.filter(number__in=batch).values_list("number", flat=True))
        fresh = [HelpNumber(number=number, kind=kind) for number, kind in numbers.items() if number not in known]
        HelpNumber.objects.bulk_create(fresh, batch_size=history.BATCH)

    def _write(self, kind: Kind, rows: list[Row], is_new: bool) -> None:
        if is_new:
            records = [self._filled(kind.model(), row) for row in rows]
            history.store_new(records)
        else:
            stored = kind.model._default_manager.in_bulk([row.here.pk for row in rows if row.here])
            records = [self._filled(stored[row.here.pk], row) for row in rows if row.here]
            history.store_changed(records, self._columns(kind))
        for row, record in zip(rows, records, strict=True):
            self.keys.add(row, record.pk)
        if kind.name == "symptom":
            store_checks(rows, self.keys, self.note)
        elif kind.name == "FAQ entry":
            store_related(rows, self.keys)
        history.remember(records, history.ADDED if is_new else history.CHANGED, self.note)

    def _columns(self, kind: Kind) -> list[str]:
        """The fields of the kind that an import writes."""
        names = [entry.name for entry in kind.properties if entry.form not in (Form.MANY, Form.FORMER)]
        names = [name for name in names if name != "number"] + ([kind.parent] if kind.parent else [])
        return list(dict.fromkeys([*names, "updated_at"]))

    def _filled(self, record: Any, row: Row) -> Any:
        """The record with the row's values. What the file says nothing of stays as it is."""
        kind = row.item.kind
        if row.state is State.NEW and row.number is not None:
            record.number = row.number
        references = {entry.name: entry.to for entry in kind.properties if entry.form is Form.ONE}
        if kind.parent:
            references[kind.parent] = kind.inside
        for name, value in row.values.items():
            if name in references:
                setattr(record, f"{name}_id", self.keys.find(references[name], value) if value else None)
            elif name not in ("checks", "related_symptoms", "former"):
                setattr(record, name, value)
        if row.state is not State.NEW or record.updated_at is None:
            record.updated_at = self.now
        return record

    def _former_addresses(self) -> None:
        """Old links lead to the pages here too. What is remembered already stays."""
        addresses = [
            FormerAddress(
                kind=row.item.kind.model.address_kind,  # type: ignore[attr-defined]
                scope=address.scope,
                slug=address.slug,
                number=row.number or 0,
                until=address.until,
            )
            for row in self.rows
            for address in row.values.get("former", ())
        ]
        FormerAddress.objects.bulk_create(addresses, batch_size=history.BATCH, ignore_conflicts=True)


def _log(person: Person, note: Note, result: Result) -> None:
    """Into the log of what staff did."""
    log.info("%s: %s new, %s changed", note.reason, result.new.total(), result.changed.total())
    if person.user is None or result.is_nothing:
        return
    LogEntry.objects.create(
        user=person.user,
        content_type=ContentType.objects.get_for_model(Upload),
        object_repr=note.reason[:200],
        action_flag=CHANGE,
        change_message=_("%(new)d new, %(changed)d changed")
        % {"new": result.new.total(), "changed": result.changed.total()},
    )


def catch_up_with_search() -> Generator[ProgressStep, None, int]:
    """Takes what changed into the search index, a portion after the other.

    Returns how many pages are left: the database may not be to be written to just now.
    """
    pages = left = index.waiting()
    while left:
        yield ProgressStep(pages - left, pages, _("pages taken into the search"))
        if not index.catch_up():
            break
        left = index.waiting()
        pages = max(pages, left)
    return left
