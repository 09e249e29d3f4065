"""Bundles of format 1, those of version 1.0: the fields that they leave open, and the positions that they imply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helpdesk.transfer.records import ContentRecord, RecordSet
from helpdesk.transfer.schema import POSITION, RecordSpec


def is_left_open(spec: RecordSpec, name: str) -> bool:
    """Return whether a record without this field says nothing of it, as version 1.0 could not."""
    return name in spec.kind.bundle.since_format_2 or name in spec.kind.bundle.former_defaults


def add_first_positions(records: Iterable[ContentRecord]) -> None:
    """Add the position 0, which version 1.0 left out, to those of a list in which others have a position."""
    records = list(records)
    if any(record.values.get(POSITION) for record in records):
        for record in records:
            record.values.setdefault(POSITION, 0)


def notes_on(content: RecordSet) -> Iterator[str]:
    """Yield a sentence for each field that records of the file leave open since its default is another one now."""
    sentences = {
        str(sentence): None
        for record in content
        for name, sentence in record.spec.kind.bundle.former_defaults.items()
        if name not in record.values
    }
    yield from sentences
