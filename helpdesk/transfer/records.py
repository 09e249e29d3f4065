"""Records of content in memory, whether they come from a file, from a spreadsheet or from the portal itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from helpdesk.transfer.schema import FieldSpec, FieldType, RecordSpec, record_specs

# Name of a record in a file: its kind and its key.
RecordName = tuple[str, str]
# Values of a record by the names of its fields.
Values = dict[str, Any]


@dataclass(frozen=True, order=True)
class FormerSlug:
    """A slug that a record had until a moment; `scope` is the number of the guide it then was in, or 0.

    `ended_at` is when staff decided that the address leads nowhere.
    """

    slug: str
    scope: int
    until: datetime = field(compare=False)
    ended_at: datetime | None = field(default=None, compare=False)


@dataclass(slots=True)
class ContentRecord:
    """One record: its known values by the names of the fields, references as keys.

    `place` is its place in the file, in words; `pk` the primary key of one that is stored. `as_written` names fields
    whose texts cannot be read and stay as they are; `notes` tells staff of them.
    """

    spec: RecordSpec
    key: str
    values: Values
    place: str = ""
    pk: int | None = None
    as_written: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> RecordName:
        return self.spec.name, self.key

    @property
    def number(self) -> int | None:
        """The help number; None for a record without one, whatever else it calls its number."""
        return self.values.get("number") if self.spec.is_addressed else None

    @property
    def title(self) -> str:
        return str(self.values[self.spec.title_field]) if self.spec.title_field else self.key

    @property
    def parent_name(self) -> RecordName | None:
        """Name of the record below which it is written."""
        parent = self.spec.parent
        return (parent.target.name, self.values[parent.name]) if parent else None

    def references(self) -> Iterator[tuple[FieldSpec, RecordName]]:
        """Yield each reference to another record, without the one to its parent."""
        for field_spec in self.spec.fields:
            value = self.values.get(field_spec.name)
            if field_spec.type is FieldType.REFERENCE and value:
                yield field_spec, (field_spec.target.name, value)
            elif field_spec.type is FieldType.REFERENCES:
                yield from ((field_spec, (field_spec.target.name, key)) for key in value or ())


def count_kinds(records: Iterable[ContentRecord]) -> Counter[str]:
    """Count records by the names of their kinds."""
    return Counter(record.spec.name for record in records)


class RecordSet:
    """Records by kind and key in the order in which they were added, and the descriptions of their pictures."""

    def __init__(self) -> None:
        self.pictures: dict[str, str] = {}  # description by file name
        self.notes: list[str] = []  # about the file as a whole
        self._records: dict[str, dict[str, ContentRecord]] = {spec.name: {} for spec in record_specs()}

    def add(self, record: ContentRecord) -> None:
        self._records[record.spec.name][record.key] = record

    def of(self, kind: str) -> dict[str, ContentRecord]:
        return self._records[kind]

    def find(self, name: RecordName) -> ContentRecord | None:
        return self._records[name[0]].get(name[1])

    def __iter__(self) -> Iterator[ContentRecord]:
        """Yield all records, those that others refer to first."""
        for records in self._records.values():
            yield from records.values()

    def __len__(self) -> int:
        return sum(map(len, self._records.values()))
