"""Plan of an import: its effect on each record of the file. Nothing is written."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.utils.translation import gettext

from helpdesk.content.dates import moment_in_words
from helpdesk.transfer.errors import ErrorCollector
from helpdesk.transfer.matching import NumberAllocator, match_records, name_here, replace_numbers
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.positions import PositionAllocator
from helpdesk.transfer.records import ContentRecord, FormerSlug, RecordName, RecordSet, Values, count_kinds
from helpdesk.transfer.schema import POSITION, FieldSpec, FieldType, record_specs
from helpdesk.transfer.snapshot import stored_content

PUBLICATION = ("publish_at", "archive_at")


class RowState(StrEnum):
    """Relation of a record of the file to the portal."""

    NEW = "new"
    CHANGED = "changed"
    CONFLICT = "conflict"  # changed, and there is a reason to look twice
    SAME = "same"


@dataclass(eq=False)
class PlanRow:
    """A record of the file beside the one here, and the values that it would have here."""

    record: ContentRecord
    here: ContentRecord | None
    values: Values = field(default_factory=dict)
    number: int | None = None
    changed: list[str] = field(default_factory=list)  # names of fields
    notes: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)  # to look twice
    obstacle: str = ""  # reason why it cannot be written

    @property
    def state(self) -> RowState:
        if self.here is None:
            return RowState.NEW
        if not self.changed:
            return RowState.SAME
        return RowState.CONFLICT if self.reasons else RowState.CHANGED

    @property
    def id(self) -> str:
        """Name of the row in forms and on the command line."""
        return ":".join(self.record.name)

    @property
    def title(self) -> str:
        return (self.here or self.record).title

    @property
    def is_choice(self) -> bool:
        """Return whether the record is imported only if selected."""
        return bool(self.changed) and not self.obstacle

    @property
    def is_new(self) -> bool:
        return self.state is RowState.NEW

    def is_written(self, chosen: Collection[str]) -> bool:
        """Return whether the import writes it when these changed rows are taken over."""
        return self.id in chosen if self.is_choice else self.is_new and not self.obstacle


@dataclass
class ImportPlan:
    """All rows, those that others refer to first, and the content of the portal."""

    rows: list[PlanRow]
    here: RecordSet
    as_drafts: bool
    notes: list[str] = field(default_factory=list)  # on the file as a whole

    def __post_init__(self) -> None:
        self._rows = {row.record.name: row for row in self.rows}

    def of(self, state: RowState) -> list[PlanRow]:
        return [row for row in self.rows if row.state is state]

    def written(self, chosen: Collection[str]) -> list[PlanRow]:
        """Return the rows that are written when these changed ones are taken over."""
        return [row for row in self.rows if row.is_written(chosen)]

    def all_changed(self) -> set[str]:
        """Return the ids that "take over all" means: not those with a reason to look twice."""
        return {row.id for row in self.of(RowState.CHANGED) if not row.obstacle}

    def row(self, name: RecordName) -> PlanRow | None:
        return self._rows.get(name)

    def knows(self, name: RecordName) -> bool:
        """Return whether a record of this name is in the file or here."""
        return name in self._rows or self.here.find(name) is not None

    def title(self, name: RecordName | None, *, here: bool = False) -> str:
        """Return the title of a record of the file, or of one of the portal; empty for no record."""
        if name is None:
            return ""
        # The same record has the same title on both sides, so that only another record is a difference.
        found = (None if here else self._rows.get(name)) or self.here.find(name)
        return found.title if found else name[1]

    def left_alone(self) -> Counter[str]:
        """Return how many records of each kind are here and not in the file."""
        found = {row.here.name for row in self.rows if row.here}
        return count_kinds(record for record in self.here if record.name not in found)

    @property
    def fingerprint(self) -> str:
        """Hash of everything that the plan was made from."""
        state = hashlib.sha256(str(self.as_drafts).encode())
        for row in self.rows:
            stored = (row.here.pk, sorted(row.here.values.items(), key=lambda pair: pair[0])) if row.here else None
            state.update(repr((row.id, row.state.value, bool(row.obstacle), stored)).encode("utf-8", "replace"))
        return state.hexdigest()


def make_plan(theirs: RecordSet, importer: Operator, *, as_drafts: bool = False) -> ImportPlan:
    """Return the effect of an import now. Raises ImportRefused for dangling references; fifteen queries or so."""
    here = stored_content()
    found = match_records(theirs, here)
    rows = [PlanRow(record, found.get(record.name)) for record in theirs]
    plan = ImportPlan(rows, here, as_drafts, theirs.notes)
    refuse_dangling(plan)
    numbers = NumberAllocator(theirs, here)
    for row in rows:
        _assign_number(row, numbers)
    comparison = _Comparison(plan, importer, found)
    for row in rows:
        comparison.fill(row)
    comparison.refuse_unpermitted()
    return plan


def refuse_dangling(plan: ImportPlan) -> None:
    """Raise ImportRefused with every reference to something that is neither in the file nor here."""
    errors = ErrorCollector()
    for row in plan.rows:
        for spec, name in row.record.references():
            if not spec.is_soft and not plan.knows(name):
                sentence = gettext("“%(word)s”: the %(kind)s “%(key)s” isn't in the file or the portal.")
                words = {"word": spec.word, "kind": spec.target.label(), "key": name[1][:120]}
                errors.add(row.record.place, sentence % words)
    errors.raise_if_any()


def _assign_number(row: PlanRow, numbers: NumberAllocator) -> None:
    if not row.record.spec.is_addressed:
        return
    theirs = row.record.number
    if row.here is None:
        row.number, note = numbers.allocate(row.record)
        row.notes += [note] if note else []
        return
    row.number = row.here.number
    if theirs is not None and theirs != row.number:
        note = gettext("Its help number is %(here)s here and %(theirs)s in the file. The number here won't change.")
        row.notes.append(note % {"here": row.number, "theirs": theirs})


class _Comparison:
    """Fills in the rows of a plan one after the other, those that others refer to first."""

    def __init__(self, plan: ImportPlan, importer: Operator, found: dict[RecordName, ContentRecord]) -> None:
        self.plan, self.importer, self.found = plan, importer, found
        self.numbers = {
            (row.record.spec.kind.letter, row.record.number): row.number
            for row in plan.rows
            if row.record.number is not None and row.number is not None and row.record.number != row.number
        }
        self.positions = PositionAllocator((row.record for row in plan.rows), plan.here, self._list)

    def fill(self, row: PlanRow) -> None:
        """Set values, changes and obstacle of a row."""
        row.values = self._values(row)
        if row.is_new and POSITION in row.record.spec.by_name and POSITION not in row.values:
            row.values[POSITION] = self.positions.next_for(row.record)
        if row.here is not None:
            row.changed = [name for name in row.values if self._differs(row, row.here, name)]
            row.reasons = list(_reasons(row.record, row.here)) if row.changed else []
        if row.state is not RowState.SAME:
            row.notes += row.record.notes
            row.obstacle = self._obstacle(row)

    def _values(self, row: PlanRow) -> Values:
        values = dict(row.record.values)
        if row.record.spec.is_addressed:
            values.pop("number", None)
        for spec in row.record.spec.fields:
            if spec.name not in values:
                continue
            if spec.is_markdown:
                values[spec.name] = replace_numbers(values[spec.name], self.numbers)
            elif spec.type is FieldType.FORMER_SLUGS:
                values[spec.name] = tuple(map(self._renumbered, values[spec.name]))
            elif spec.is_soft:
                values[spec.name] = tuple(key for key in values[spec.name] if self._is_known(row, spec, key))
        if self.plan.as_drafts and row.here:
            return {name: value for name, value in values.items() if name not in PUBLICATION}
        if self.plan.as_drafts:
            return {name: None if name in PUBLICATION else value for name, value in values.items()}
        return values

    def _renumbered(self, former: FormerSlug) -> FormerSlug:
        return replace(former, scope=self.numbers.get(("g", former.scope), former.scope))

    def _is_known(self, row: PlanRow, spec: FieldSpec, key: str) -> bool:
        known = self.plan.knows((spec.target.name, key))
        if not known:
            note = gettext("“%(word)s”: “%(key)s” isn't in the file or the portal, so it's left out.")
            row.notes.append(note % {"word": spec.word, "key": key})
        return known

    def _differs(self, row: PlanRow, here: ContentRecord, name: str) -> bool:
        spec = row.record.spec.by_name[name]
        ours, theirs = here.values[name], row.values[name]
        match spec.type:
            case FieldType.REFERENCE:
                return (self._identity(spec, theirs) if theirs else None) != (ours or None)
            case FieldType.REFERENCES:
                keys = [self._identity(spec, key) for key in theirs]
                return keys != list(ours) if spec.is_ordered else set(keys) != set(ours)
            case FieldType.FORMER_SLUGS:
                # A bundle of an earlier format does not know of ended addresses, so it does not revive them.
                living = {former for former in ours if not former.ended_at}
                return any(former not in ours or (former.ended_at and former in living) for former in theirs)
        return spec.is_compared and bool(theirs != ours)

    def _identity(self, spec: FieldSpec, key: str) -> str | RecordName:
        """Return the key here of what a key of the file leads to; something that is no key here for a new record."""
        name = spec.target.name, key
        same = self.found.get(name)
        return same.key if same else name if self.plan.row(name) else key

    def _list(self, record: ContentRecord) -> tuple[str, str | RecordName]:
        """Return the list here that a record of the file belongs to: its kind, and the key of the record above."""
        parent = record.spec.parent
        return record.spec.name, self._identity(parent, record.values[parent.name]) if parent else ""

    def _obstacle(self, row: PlanRow) -> str:
        spec = row.record.spec
        occupant = self.plan.here.find(name_here(row.record, self.found))
        if occupant is not None and occupant is not row.here:
            return gettext("Its slug is used by “%(title)s” here.") % {"title": occupant.title}
        if row.is_new and not self.importer.may("add", spec.model):
            return gettext("You don't have permission to add a %(kind)s.") % {"kind": spec.label()}
        decides = row.is_new or any(name in row.changed for name in PUBLICATION)
        if decides and any(map(row.values.get, PUBLICATION)) and not self.importer.may("publish", spec.model):
            return gettext("You don't have permission to publish. Import it as a draft.")
        needed = [name for spec, name in row.record.references() if not spec.is_soft]
        for name in (*needed, row.record.parent_name):
            other = self.plan.row(name) if name else None
            if other and other.is_new and other.obstacle:
                return gettext("It needs “%(title)s”, which can't be imported.") % {"title": other.title}
        return ""

    def refuse_unpermitted(self) -> None:
        """Set the obstacle of changed records that the importer may not change. A query for each kind."""
        for spec in record_specs():
            rows = [row for row in self.plan.rows if row.changed and not row.obstacle and row.record.spec is spec]
            stored = spec.kind.objects.in_bulk([row.here.pk for row in rows if row.here])
            for row in rows:
                instance = stored.get(row.here.pk) if row.here else None
                if instance is None or not self.importer.may("change", instance):
                    row.obstacle = gettext("You don't have permission to change it.")


def _reasons(theirs: ContentRecord, ours: ContentRecord) -> Iterator[str]:
    if theirs.number is not None and theirs.number != ours.number:
        yield gettext("The slug is the same but the help number differs, so this may be a different page.")
    their_change, our_change = theirs.values.get("updated_at"), ours.values.get("updated_at")
    if their_change and our_change and our_change > their_change:
        sentence = gettext("It was changed here more recently than in the file (%(when)s).")
        yield sentence % {"when": moment_in_words(our_change)}
