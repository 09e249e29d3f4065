"""Positions of new records that have none in the file: after all others of their list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable

from helpdesk.transfer.records import ContentRecord, RecordSet
from helpdesk.transfer.schema import POSITION
from helpdesk.transfer.values import HIGHEST_POSITION

# Name of the list that a record of the file is in, as the portal has it.
ListOf = Callable[[ContentRecord], Hashable]


class PositionAllocator:
    """The next position of each list, after those that are here and those that the file gives. No queries."""

    def __init__(self, theirs: Iterable[ContentRecord], here: RecordSet, list_of: ListOf) -> None:
        self.list_of = list_of
        self.last: dict[Hashable, int] = defaultdict(int)
        for record in here:
            self._add(_list_here(record), record)
        for record in theirs:
            self._add(list_of(record), record)

    def _add(self, its_list: Hashable, record: ContentRecord) -> None:
        self.last[its_list] = max(self.last[its_list], record.values.get(POSITION) or 0)

    def next_for(self, record: ContentRecord) -> int:
        its_list = self.list_of(record)
        self.last[its_list] = min(self.last[its_list] + 1, HIGHEST_POSITION)
        return self.last[its_list]


def _list_here(record: ContentRecord) -> Hashable:
    return record.spec.name, record.parent_name[1] if record.parent_name else ""
