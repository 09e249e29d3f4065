"""The sections of the work list: which records each one names, in which order, and why.

A section first says which records it is about (`Entry`: kind, key, reason), a page of them at a time and without
loading any; `rows.py` then loads those of all sections together. So the number of queries depends neither on the amount
of content nor on the amount of work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.flags.models import Flag, is_of_kind
from helpdesk.reports.models import PageCheck
from helpdesk.reports.page_checks import StoredProblem, living, stored_problems
from helpdesk.reports.rates import uses
from helpdesk.reports.record_kinds import Kind
from helpdesk.reports.work_filters import Filters

# A page that nobody changed or read again for so long should be.
LONG = timedelta(days=365)
# More of the most used pages than anybody reads again in a quarter.
MOST_USED = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in a section, with the reason why it is there; not loaded yet."""

    kind: str
    pk: int
    reason: str = ""
    flag: Flag | None = None
    problems: Sequence[StoredProblem] = field(default=())


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the work list; `find` gives how many records there are, and those from one place to another."""

    name: str
    title: Any
    help: Any
    empty: Any
    find: Callable[[Filters, slice], tuple[int, list[Entry]]]
    # Whether its pages can be marked as read again, right here.
    is_review: bool = False


def flagged(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """What somebody said needs change, the newest first; of a person: what he said, and what he wrote."""
    wanted = Q(pk__in=[])
    for kind in filters.kinds:
        mine = Q(object_id__in=filters.records_of_person(kind).values("pk"))
        if filters.person is not None:
            mine |= Q(object_id__in=filters.records(kind).values("pk"), created_by=filters.person)
        wanted |= is_of_kind(kind.model) & mine
    flags = Flag.objects.still_open().filter(wanted)
    names = {(kind.model._meta.app_label, kind.model._meta.model_name): kind.name for kind in filters.kinds}
    shown = flags.select_related("content_type", "created_by").order_by("-created_at", "-pk")[part]
    found = [
        Entry(names[flag.content_type.app_label, flag.content_type.model], flag.object_id, flag.note, flag)
        for flag in shown
    ]
    return flags.count(), found


def broken(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Pages with problems that keep them from being public, the worst first."""
    return _checked(filters, part, Q(errors__gt=0))


def doubtful(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Pages with nothing but warnings."""
    return _checked(filters, part, Q(errors=0, warnings__gt=0))


def _checked(filters: Filters, part: slice, condition: Q) -> tuple[int, list[Entry]]:
    wanted = [Q(kind=kind.name, object_id__in=_living(filters, kind).values("pk")) for kind in _pages(filters)]
    pages = PageCheck.objects.filter(condition, reduce(or_, wanted, Q(pk__in=[])))
    shown = pages.order_by("-errors", "-warnings", "kind", "object_id")[part]
    return pages.count(), [Entry(row.kind, row.object_id, problems=stored_problems(row)) for row in shown]


def drafts(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Pages that are not to be public at any moment, those last worked on first."""
    return _moments(filters, part, Q(publish_at=None), "-updated_at", lambda _moment: "")


def waiting(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Pages that will be public at a moment, the next one first."""

    def reason(moment: Any) -> str:
        return _("Goes public on %(moment)s") % {"moment": date_format(timezone.localtime(moment), "j F Y, H:i")}

    return _moments(filters, part, Q(publish_at__gt=timezone.now()), "publish_at", reason)


def overdue(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Pages that should have been read again by now, the longest overdue first."""

    def reason(day: date) -> str:
        return _("Should have been read again by %(day)s") % {"day": date_format(day, "j F Y")}

    return _moments(filters, part, Q(review_by__lt=timezone.localdate()), "review_by", reason)


def _moments(
    filters: Filters, part: slice, condition: Q, order: str, reason: Callable[[Any], str]
) -> tuple[int, list[Entry]]:
    """The living pages of all kinds with a condition, in the order of one of their fields. Two queries."""
    moment = F(order.lstrip("-"))
    named: list[QuerySet[Any]] = [
        _living(filters, kind)
        .filter(condition)
        .annotate(moment=moment, kind=Value(kind.name, output_field=CharField()))
        .values_list("moment", "kind", "pk")
        for kind in _pages(filters)
    ]
    if not named:
        return 0, []
    pages = named[0].union(*named[1:], all=True)
    order = "-moment" if order.startswith("-") else "moment"
    shown = pages.order_by(order, "kind", "pk")[part]
    return pages.count(), [Entry(kind, pk, reason(moment)) for moment, kind, pk in shown]


def most_used(filters: Filters, part: slice) -> tuple[int, list[Entry]]:
    """Public pages that nobody plans to read again, or has changed for a year, the most used first."""
    used = uses()
    unread = Q(review_by=None) | Q(updated_at__lt=timezone.now() - LONG)
    found = [
        (used[number], number, kind.name, pk)
        for kind in _pages(filters)
        for number, pk in filters.records_of_person(kind).published().filter(unread).values_list("number", "pk")
        if number in used
    ]
    found.sort(key=lambda page: (-page[0].total, page[1]))
    del found[MOST_USED:]
    return len(found), [Entry(kind, pk, use.text) for use, _number, kind, pk in found[part]]


def _living(filters: Filters, kind: Kind) -> QuerySet[Any]:
    """The wanted pages of a kind, without those that are archived: there is nothing to do about them."""
    return filters.records_of_person(kind).filter(pk__in=living(kind).values("pk"))


def _pages(filters: Filters) -> list[Kind]:
    return [kind for kind in filters.kinds if kind.is_page]


SECTIONS = [
    Section(
        "flagged",
        gettext_lazy("Needs change"),
        gettext_lazy("What somebody said about a record. Say “Done” on its page when it is."),
        gettext_lazy("Nothing: nobody said that anything needs change."),
        flagged,
    ),
    Section(
        "problems",
        gettext_lazy("Problems found"),
        gettext_lazy("What keeps a page from being public, or should."),
        gettext_lazy("No errors on the pages that were checked."),
        broken,
    ),
    Section(
        "warnings",
        gettext_lazy("Warnings only"),
        gettext_lazy("Nothing that stands in the way, but somebody should have a look."),
        gettext_lazy("No warnings on the pages that were checked."),
        doubtful,
    ),
    Section(
        "drafts",
        gettext_lazy("Drafts"),
        gettext_lazy("Only staff see them. Those last worked on come first."),
        gettext_lazy("No drafts."),
        drafts,
    ),
    Section(
        "waiting",
        gettext_lazy("Waiting for publication"),
        gettext_lazy("They go public by themselves, the next one first."),
        gettext_lazy("Nothing is waiting."),
        waiting,
    ),
    Section(
        "overdue",
        gettext_lazy("Review date passed"),
        gettext_lazy("Somebody should read them again and see whether they are still right."),
        gettext_lazy("Nothing is overdue."),
        overdue,
        is_review=True,
    ),
    Section(
        "most-used",
        gettext_lazy("Most used without review"),
        gettext_lazy(
            "Public pages without a review date, or not changed for a year, by how much visitors used them in the "
            "last 90 days."
        ),
        gettext_lazy("None: the pages that are used have a review date, and were changed within a year."),
        most_used,
        is_review=True,
    ),
]
