"""Problems of many pages: found once by the publish check, stored, and looked for again where something changed.

Calling `problems_of` costs queries for each page, too many for a list of a thousand. So what it found is stored in
`PageCheck`, and each view of the work list or a map catches up with a few pages that changed since, the latest first.
What a change does to *other* pages (a link to a page that was archived) is found by checking all of them, which the
work list has a button for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from helpdesk.adminkit.coded_text import TextValue, text_of_code
from helpdesk.adminkit.progress import ProgressStep
from helpdesk.content.kinds import ContentKind
from helpdesk.publishcheck.problems import Problem, Severity
from helpdesk.publishcheck.rules import problems_of
from helpdesk.reports.kinds import is_in_place, publishable_kinds, records_of_kind
from helpdesk.reports.models import PageCheck

_Page = TypeVar("_Page")

# Changed pages that are checked while somebody waits for the work list or a map.
MOST_AT_ONCE = 20
# Pages stored with one statement when all are checked.
BATCH_SIZE = 100


@dataclass(frozen=True, slots=True)
class StoredProblem:
    """A problem as it is stored: its code and values, its severity, and the record to correct."""

    code: str
    values: tuple[tuple[str, TextValue], ...]
    is_error: bool
    model: str  # "guides.cause"
    pk: int | None
    record: str

    @classmethod
    def of(cls, problem: Problem) -> StoredProblem:
        record, is_error = problem.record, problem.severity is Severity.ERROR
        return cls(problem.message.code, problem.values, is_error, record._meta.label_lower, record.pk, str(record))

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> StoredProblem:
        return cls(**{**stored, "values": tuple((name, value) for name, value in stored["values"])})

    @property
    def text(self) -> str:
        return text_of_code(self.code, dict(self.values))

    @property
    def url(self) -> str:
        """Admin page of the record to correct; empty for a record that is not stored or has no page of its own."""
        try:
            return reverse(f"admin:{self.model.replace('.', '_')}_change", args=[self.pk]) if self.pk else ""
        except NoReverseMatch:
            return ""


def stored_problems(checked: PageCheck) -> list[StoredProblem]:
    """Return what was found on the page, errors first."""
    return [StoredProblem.from_json(stored) for stored in checked.problems]


def catch_up(*, most: int = MOST_AT_ONCE, guide: int | None = None) -> None:
    """Check pages that are new or changed since they were checked, the latest changes first, in a guide or everywhere.

    One query for each kind of page, and those of the check for at most so many pages.
    """
    changed: list[tuple[datetime, ContentKind, int]] = []
    for kind in publishable_kinds():
        pages = changed_since(kind)
        if guide is not None:
            pages = pages.filter(is_in_place(kind, str(guide)))
        latest = pages.order_by("-updated_at", "-pk").values_list("updated_at", "pk")[:most]
        changed += [(updated_at, kind, pk) for updated_at, pk in latest]
    changed.sort(key=lambda page: page[0], reverse=True)
    store(check(kind, pk) for _updated_at, kind, pk in changed[:most])


def unchecked() -> int:
    """Count the pages that wait to be checked, because they are new or changed. One query for each kind of page."""
    return sum(changed_since(kind).count() for kind in publishable_kinds())


def changed_since(kind: ContentKind) -> QuerySet[Any]:
    """Return the pages of a kind that were never checked, or not since they or what they share with others changed.

    Archived ones are left alone: nobody reads them.
    """
    checked = PageCheck.objects.filter(kind=kind.name, object_id=OuterRef("pk")).values("checked_at")
    pages = living(kind).annotate(checked_at=Subquery(checked))
    stale = Q(checked_at=None) | Q(checked_at__lt=F("updated_at"))
    for lookup in kind.shows:
        changed = Q(pk=OuterRef("pk")) & Q(**{f"{lookup}__updated_at__gt": OuterRef("checked_at")})
        stale |= Q(Exists(kind.objects.order_by().filter(changed)))
    return pages.filter(stale)


def living(kind: ContentKind) -> QuerySet[Any]:
    """Return the pages of a kind that are or may become public."""
    return records_of_kind(kind).filter(Q(archive_at=None) | Q(archive_at__gt=timezone.now()))


def check(kind: ContentKind, pk: int) -> PageCheck | None:
    """Return what is wrong with a page now, not stored yet; None for a deleted one."""
    moment = timezone.now()  # before it is read: what is changed meanwhile is checked once more
    page = records_of_kind(kind).filter(pk=pk).first()
    if page is None:
        return None
    found = [StoredProblem.of(problem) for problem in problems_of(page)]
    errors = sum(problem.is_error for problem in found)
    return PageCheck(
        kind=kind.name,
        object_id=pk,
        errors=errors,
        warnings=len(found) - errors,
        problems=[asdict(problem) for problem in found],
        checked_at=moment,
    )


def store(checked: Iterable[PageCheck | None]) -> list[PageCheck]:
    """Store what was found in place of what was found before. One statement."""
    rows = [row for row in checked if row is not None]
    PageCheck.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["errors", "warnings", "problems", "checked_at"],
    )
    return rows


def check_all() -> Generator[ProgressStep, None, SafeString]:
    """Check every page that is or may become public, as work with progress; returns the result as HTML."""
    pages = [
        (kind, pk) for kind in publishable_kinds() for pk in living(kind).order_by("pk").values_list("pk", flat=True)
    ]
    done = broken = 0
    for batch in batches(pages):
        rows = store(check(kind, pk) for kind, pk in batch)
        done += len(batch)
        broken += sum(bool(row.errors) for row in rows)
        yield ProgressStep(done, len(pages), gettext("pages"))
    delete_outdated()
    text = ngettext(
        "%(pages)d page checked, %(broken)d with errors.",
        "%(pages)d pages checked, %(broken)d with errors.",
        done,
    )
    return format_html("<p>{}</p>", text % {"pages": done, "broken": broken})


def delete_outdated() -> None:
    """Delete what was found on pages that are deleted or archived by now."""
    for kind in publishable_kinds():
        PageCheck.objects.filter(kind=kind.name).exclude(object_id__in=living(kind).values("pk")).delete()


def batches(pages: Sequence[_Page]) -> Iterator[Sequence[_Page]]:
    rest = iter(pages)
    while batch := list(islice(rest, BATCH_SIZE)):
        yield batch
