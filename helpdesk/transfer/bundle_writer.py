"""Writer of bundles: content as YAML, the same text for the same content."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from helpdesk.transfer.records import ContentRecord, FormerSlug, RecordName, RecordSet
from helpdesk.transfer.schema import FieldSpec, FieldType, record_specs
from helpdesk.transfer.yaml_text import scalar

FORMAT = 2
HEADER = """\
# Content of a help portal, to be read, kept under version control, or brought into another portal.
#
# Records refer to each other by their slugs. Texts are Markdown. A help number is a promise: it stays with its page.
# To rename a page, change its slug, and keep its number and its title.
# Nothing of it is written anywhere before the import has shown what would change.
"""

# The list of a record's fields with texts that cannot be read and stay as they are.
AS_WRITTEN_WORD = "kept as written"

# Records by the record below which they are written.
Children = Mapping[RecordName | None, list[ContentRecord]]


def bundle_text(content: RecordSet) -> str:
    """Return the content as the text of a bundle."""
    children: dict[RecordName | None, list[ContentRecord]] = defaultdict(list)
    for record in content:
        children[record.parent_name].append(record)
    lines = [*HEADER.splitlines(), "", f"helpdesk bundle: {FORMAT}"]
    if content.pictures:
        lines += ["", "pictures:"]
    for name, description in sorted(content.pictures.items()):
        shows = [f"    shows: {scalar(description, 6)}"] if description else []
        lines += [f"  - file: {name}", *shows]
    for spec in record_specs():
        if spec.parent is None and content.of(spec.name):
            lines += ["", f"{spec.section}:"]
            lines += _records(content.of(spec.name).values(), children, 2)
    return "\n".join(lines) + "\n"


def _records(records: Iterable[ContentRecord], children: Children, indent: int) -> Iterator[str]:
    """Yield the lines of a list of records, each after an empty line."""
    for record in records:
        yield ""
        yield from _item(_record(record, children, indent + 2), indent)


def _item(lines: Iterator[str], indent: int) -> Iterator[str]:
    """Yield the lines of a mapping, indented by two more, as an item of a list."""
    yield " " * indent + "- " + next(lines)[indent + 2 :]
    yield from lines


def _record(record: ContentRecord, children: Children, indent: int) -> Iterator[str]:
    for field in record.spec.fields:
        if field.name in record.values and not field.is_left_out(value := record.values[field.name]):
            yield from _field(field, value, indent)
    if record.as_written:
        yield " " * indent + f"{AS_WRITTEN_WORD}:"
        yield from (" " * (indent + 2) + f"- {record.spec.word_of(name)}" for name in record.as_written)
    for section, below in groupby(children.get(record.name, ()), key=lambda child: child.spec.section):
        yield " " * indent + f"{section}:"
        yield from _records(below, children, indent + 2)


def _field(field: FieldSpec, value: Any, indent: int) -> Iterator[str]:
    start = " " * indent + f"{field.word}:"
    match field.type:
        case FieldType.REFERENCES:
            yield start
            yield from (" " * (indent + 2) + f"- {scalar(key, indent + 2)}" for key in value)
        case FieldType.FORMER_SLUGS:
            yield start
            for former in value:
                yield from _item(_former_slug(former, " " * (indent + 4)), indent + 2)
        case FieldType.TEXT | FieldType.REFERENCE:
            yield f"{start} {scalar(value, indent + 2)}"
        case FieldType.BOOLEAN:
            yield f"{start} {'yes' if value else 'no'}"
        case FieldType.DATETIME | FieldType.DATE:
            yield f"{start} {moment_text(value)}"
        case FieldType.INTEGER:
            yield f"{start} {value}"


def _former_slug(former: FormerSlug, blanks: str) -> Iterator[str]:
    yield f"{blanks}slug: {scalar(former.slug, 0)}"
    if former.scope:
        yield f"{blanks}in guide: {former.scope}"
    yield f"{blanks}until: {moment_text(former.until)}"
    if former.ended_at:
        yield f"{blanks}ended: {moment_text(former.ended_at)}"


def moment_text(value: datetime | date) -> str:
    """Return a moment in UTC as "2026-11-22 09:00:00+00:00", a day as "2026-11-22"."""
    return value.astimezone(UTC).isoformat(" ") if isinstance(value, datetime) else value.isoformat()
