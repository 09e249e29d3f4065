"""What an import would do, record by record. Writes nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpdesk.transfer.errors import Faults
from helpdesk.transfer.help_numbers import Numbers, turn_links
from helpdesk.transfer.matching import Name, key_here, match
from helpdesk.transfer.permissions import Person
from helpdesk.transfer.schema import BY_NAME, KINDS, Content, Form, Former, Item, Property
from helpdesk.transfer.snapshot import stored_content

MOMENTS = ("publish_at", "archive_at")


class State(StrEnum):
    """What a record of the file is to the portal."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"  # changed, and there is a reason to look twice
    SAME = "same"


@dataclass
class Row:
    """A record of the file beside the one here. `values` are what it would have here."""

    item: Item
    here: Item | None
    values: dict[str, Any]
    state: State = State.SAME
    number: int | None = None
    changed: list[str] = field(default_factory=list)  # names of properties
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # to look twice
    obstacle: str = ""  # why it cannot be written

    @property
    def id(self) -> str:
        """What a form calls it."""
        return f"{self.item.kind.name}:{self.item.key}"

    @property
    def name(self) -> Name:
        return self.item.kind.name, self.item.key

    @property
    def title(self) -> str:
        return (self.here or self.item).title

    def is_written(self, chosen: Collection[str]) -> bool:
        """Whether the import writes it, when these changed ones are taken over."""
        if self.obstacle or self.state is State.SAME:
            return False
        return self.state is State.NEW or self.id in chosen


@dataclass
class Plan:
    """All rows, what others refer to first, and what the portal has besides."""

    rows: list[Row]
    here: Content
    as_drafts: bool

    def __post_init__(self) -> None:
        self._rows = {row.name: row for row in self.rows}

    def of(self, state: State) -> list[Row]:
        return [row for row in self.rows if row.state is state]

    def written(self, chosen: Collection[str]) -> list[Row]:
        """The rows that are written when these changed ones are taken over."""
        return [row for row in self.rows if row.is_written(chosen)]

    def all_changed(self) -> set[str]:
        """What "take over all" means: not those with a reason to look twice."""
        return {row.id for row in self.of(State.CHANGED) if not row.obstacle}

    def row(self, kind: str, key: str) -> Row | None:
        return self._rows.get((kind, key))

    def title(self, kind: str, key: str) -> str:
        """The title of what a key of the file leads to."""
        row = self.row(kind, key)
        found = row.item if row else self.here.find(kind, key)
        return found.title if found else key

    def left_alone(self) -> Counter[str]:
        """How many records of each kind are here and not in the file."""
        found = {(row.here.kind.name, row.here.key) for row in self.rows if row.here}
        return Counter(item.kind.name for item in self.here if (item.kind.name, item.key) not in found)

    @property
    def fingerprint(self) -> str:
        """Another one when what the plan was made from is not there any more."""
        state = hashlib.sha256(str(self.as_drafts).encode())
        for row in self.rows:
            stored = (row.here.pk, sorted(row.here.values.items(), key=lambda pair: pair[0])) if row.here else None
            state.update(repr((row.id, row.state.value, bool(row.obstacle), stored)).encode("utf-8", "replace"))
        return state.hexdigest()


def make_plan(theirs: Content, person: Person, *, as_drafts: bool = False) -> Plan:
    """What importing this would do now. Raises Refused for references that lead nowhere; fifteen queries or so."""
    here = stored_content()
    refuse_dangling(theirs, here)
    found = match(theirs, here)
    numbers = Numbers(theirs, here)
    rows = [Row(item, found.get((item.kind.name, item.key)), {}) for item in theirs]
    for row in rows:
        _number(row, numbers)
    plan = Plan(rows, here, as_drafts)
    turned = {
        (row.item.kind.letter, row.item.number): row.number
        for row in rows
        if row.item.number is not None and row.number is not None and row.item.number != row.number
    }
    compare = _Comparison(plan, person, found, turned)
    for row in rows:
        compare.fill(row)
    compare.refuse_without_right()
    return plan


def _number(row: Row, numbers: Numbers) -> None:
    if not row.item.kind.is_addressed:
        return
    if row.here is None:
        row.number, note = numbers.give(row.item)
        row.notes += [note] if note else []
        return
    row.number = row.here.number
    if row.item.number is not None and row.item.number != row.number:
        row.notes.append(
            _("It has the help number %(here)s here, and %(theirs)s in the file. The number here stays.")
            % {"here": row.number, "theirs": row.item.number}
        )


def references(item: Item) -> Iterator[tuple[Property, str, str]]:
    """Each reference of a record: the property, the kind and the key it leads to."""
    for entry in item.kind.properties:
        value = item.values.get(entry.name)
        if entry.form is Form.ONE and value:
            yield entry, entry.to, value
        elif entry.form is Form.MANY:
            for key in value or ():
                yield entry, entry.to, key


def refuse_dangling(theirs: Content, here: Content) -> None:
    """Raises Refused, with every reference to something that is neither in the file nor here."""
    faults = Faults()
    for item in theirs:
        for entry, kind, key in references(item):
            if entry.is_soft or theirs.find(kind, key) or here.find(kind, key):
                continue
            sentence = _("“%(word)s”: there is no %(kind)s “%(key)s”, neither in the file nor here.")
            words = {"word": entry.word, "kind": BY_NAME[kind].verbose_name, "key": key[:120]}
            faults.add(item.place, sentence % words)
    faults.refuse()


class _Comparison:
    """Fills in the rows of a plan one after the other, what others refer to first."""

    def __init__(self, plan: Plan, person: Person, found: dict[Name, Item], turned: dict[Any, int]) -> None:
        self.plan, self.person, self.found, self.turned = plan, person, found, turned
        self.may_publish = {kind.name: kind.is_publishable and person.may_publish(kind.model) for kind in KINDS}
        self.may_add = {kind.name: person.may_add(kind.model) for kind in KINDS}

    def fill(self, row: Row) -> None:
        """Values, state and what stands in the way."""
        row.values = self._values(row)
        if row.here is None:
            row.state = State.NEW
        else:
            row.changed = [name for name in row.values if self._differs(row, row.here, name)]
            if row.changed:
                row.reasons = list(self._reasons(row, row.here))
                row.state = State.CONFLICT if row.reasons else State.CHANGED
        if row.state is not State.SAME:
            row.obstacle = self._obstacle(row)

    def _values(self, row: Row) -> dict[str, Any]:
        values = dict(row.item.values)
        values.pop("number", None)
        for entry in row.item.kind.properties:
            if entry.name not in values:
                continue
            if entry.has_links:
                values[entry.name] = turn_links(values[entry.name], self.turned)
            elif entry.form is Form.FORMER:
                values[entry.name] = tuple(self._former(address) for address in values[entry.name])
            elif entry.is_soft:
                values[entry.name] = tuple(key for key in values[entry.name] if self._is_there(row, entry, key))
        if self.plan.as_drafts:
            for name in MOMENTS:
                if name in values and row.here:
                    del values[name]
                elif name in values:
                    values[name] = None
        return values

    def _former(self, address: Former) -> Former:
        return Former(address.slug, self.turned.get(("g", address.scope), address.scope), address.until)

    def _is_there(self, row: Row, entry: Property, key: str) -> bool:
        there = bool(self.plan.row(entry.to, key) or self.plan.here.find(entry.to, key))
        if not there:
            row.notes.append(
                _("“%(word)s”: “%(key)s” is neither in the file nor here, and is left out.")
                % {"word": entry.word, "key": key}
            )
        return there

    def _differs(self, row: Row, here: Item, name: str) -> bool:
        ours, theirs = here.values[name], row.values[name]
        entry = next((entry for entry in row.item.kind.properties if entry.name == name), None)
        if entry is None:  # the record it stands below
            return self._identity(row.item.kind.inside, theirs) != ours
        if not entry.is_compared:
            return False
        match entry.form:
            case Form.ONE:
                return (self._identity(entry.to, theirs) if theirs else None) != (ours or None)
            case Form.MANY if name == "checks":
                return tuple(self._identity(entry.to, key) for key in theirs) != ours
            case Form.MANY:
                return {self._identity(entry.to, key) for key in theirs} != set(ours)
            case Form.FORMER:
                return not set(theirs) <= set(ours)
        return theirs != ours

    def _identity(self, kind: str, key: str) -> Any:
        """The key here of what a key of the file leads to; something that is no key here for a new record."""
        if self.plan.row(kind, key) is None:
            return key
        same = self.found.get((kind, key))
        return same.key if same else (kind, key)

    def _reasons(self, row: Row, here: Item) -> Iterator[str]:
        if row.item.number is not None and row.item.number != here.number:
            yield _("Only the slug is the same, the help number is not: it may be another page.")
        theirs, ours = row.item.values.get("updated_at"), here.values.get("updated_at")
        if theirs and ours and ours > theirs:
            when = date_format(timezone.localtime(ours), "j F Y, H:i")
            yield _("It was changed here later than in the file (%(when)s).") % {"when": when}

    # What stands in the way

    def _obstacle(self, row: Row) -> str:
        kind = row.item.kind
        occupant = self.plan.here.find(kind.name, key_here(row.item, self.found))
        if occupant is not None and occupant is not row.here:
            return _("Its slug belongs to “%(title)s” here.") % {"title": occupant.title}
        if row.state is State.NEW and not self.may_add[kind.name]:
            return _("You have no right to add a %(kind)s.") % {"kind": kind.verbose_name}
        if self._is_public(row) and not self.may_publish[kind.name]:
            return _("You have no right to publish. It can be imported as a draft.")
        return self._obstacle_above(row)

    def _is_public(self, row: Row) -> bool:
        return any(row.values.get(name) for name in MOMENTS) and (
            row.state is State.NEW or any(name in row.changed for name in MOMENTS)
        )

    def _obstacle_above(self, row: Row) -> str:
        needed = [(kind, key) for entry, kind, key in references(row.item) if not entry.is_soft]
        if row.item.kind.inside:
            needed.append((row.item.kind.inside, row.item.parent))
        for kind, key in needed:
            other = self.plan.row(kind, key)
            if other and other.state is State.NEW and other.obstacle:
                return _("It needs “%(title)s”, which cannot be imported.") % {"title": other.title}
        return ""

    def refuse_without_right(self) -> None:
        """Asks for each changed record whether this person may change it; a query for each kind."""
        waiting = [row for row in self.plan.rows if row.here and row.state is not State.SAME and not row.obstacle]
        for kind in KINDS:
            rows = [row for row in waiting if row.item.kind is kind]
            stored = kind.model._default_manager.in_bulk([row.here.pk for row in rows if row.here])
            for row in rows:
                record = stored.get(row.here.pk) if row.here else None
                if record is None or not self.person.may_change(record):
                    row.obstacle = _("You have no right to change it.")
