"""Rows of the work list: records with their path, their state, and who changed them last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils.text import capfirst

from helpdesk.adminkit.html import record_url
from helpdesk.content.kinds import ContentKind, kind_named
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.history.versions import history_of
from helpdesk.permissions.names import display_name
from helpdesk.permissions.rules import allowed
from helpdesk.reports.kinds import records_of_kind
from helpdesk.reports.page_checks import StoredProblem
from helpdesk.reports.work_sections import WorkEntry


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A record in a section of the work list."""

    entry: WorkEntry
    record: Any
    kind: ContentKind
    path: str
    url: str
    preview_url: str
    changed_by: str
    changed_at: datetime | None
    may_review: bool

    @property
    def kind_name(self) -> str:
        return capfirst(self.kind.label)

    @property
    def errors(self) -> list[StoredProblem]:
        return [problem for problem in self.entry.problems if problem.is_error]

    @property
    def warnings(self) -> list[StoredProblem]:
        return [problem for problem in self.entry.problems if not problem.is_error]


class LoadedRows:
    """The records of all entries of a page. One query for each kind among them, one for the people."""

    def __init__(self, request: HttpRequest, entries: Iterable[WorkEntry]) -> None:
        self.request = request
        keys: dict[str, set[int]] = defaultdict(set)
        for entry in entries:
            keys[entry.kind].add(entry.pk)
        self.records = {
            (name, record.pk): record for name, pks in keys.items() for record in _records(kind_named(name), pks)
        }
        people = {record.changed_by for record in self.records.values()}
        self.people = get_user_model()._default_manager.in_bulk(people - {None})

    def rows(self, entries: Iterable[WorkEntry], *, review: bool = False) -> list[WorkRow]:
        """Return the rows of these entries, without records deleted a moment ago."""
        found = ((entry, self.records.get((entry.kind, entry.pk))) for entry in entries)
        return [self._row(entry, record, review) for entry, record in found if record is not None]

    def _row(self, entry: WorkEntry, record: Any, review: bool) -> WorkRow:
        kind = kind_named(entry.kind)
        return WorkRow(
            entry=entry,
            record=record,
            kind=kind,
            path=kind.parent_name(record),
            url=record_url(record) + ("#flags" if entry.flag else ""),
            preview_url=preview_path(record.get_absolute_url()) if kind.is_publishable else "",
            changed_by=display_name(self.people[record.changed_by]) if record.changed_by in self.people else "",
            changed_at=record.changed_at,
            may_review=review and allowed(self.request.user, "change", record),
        )


def _records(kind: ContentKind, keys: Iterable[int]) -> Iterable[Any]:
    """Return the records with these keys, each with the user and moment of its last revision."""
    versions = history_of(kind.model).filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    who, when = (Subquery(versions.values(column)[:1]) for column in ("history_user", "history_date"))
    return records_of_kind(kind).filter(pk__in=keys).annotate(changed_by=who, changed_at=when)
