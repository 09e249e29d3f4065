"""Sections of the work list: which records each one names, in which order, and why.

A section first finds its entries (kind, key, reason), a page of them at a time and without loading any record;
`work_rows.py` then loads those of all sections together. So the number of queries depends neither on the amount of
content nor on the amount of work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.content.dates import day_in_words, moment_in_words
from helpdesk.content.kinds import ContentKind
from helpdesk.flags.models import Flag, is_of_kind
from helpdesk.outside.kinds import OUTSIDE_PAGE
from helpdesk.outside.link_sources import pages_by_outside_page, pages_with, records_with
from helpdesk.outside.models import CheckedLink
from helpdesk.reports.models import PageCheck
from helpdesk.reports.page_checks import StoredProblem, living, stored_problems
from helpdesk.reports.rates import uses
from helpdesk.reports.unconfirmed import unconfirmed_contacts
from helpdesk.reports.work_filters import WorkFilters

# Age after which a page without changes should be reviewed.
REVIEW_AGE = timedelta(days=365)
# More pages than anybody reviews in a quarter.
MOST_USED = 100
# Pages that are named in one reason.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class WorkEntry:
    """A record in a section, not loaded yet, with the reason why it is there."""

    kind: str
    pk: int
    reason: str = ""
    flag: Flag | None = None
    problems: Sequence[StoredProblem] = field(default=())


@dataclass(frozen=True, slots=True)
class WorkSection:
    """A section of the work list; `find` returns the number of its records, and a slice of them."""

    name: str
    title: str | Promise
    help: str | Promise
    empty: str | Promise
    find: Callable[[WorkFilters, slice], tuple[int, list[WorkEntry]]]
    # Its pages can be marked as reviewed in the list.
    is_review: bool = False


def flagged(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find open flags, the newest first; of a person: flags on their records, and flags they set."""
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
        WorkEntry(names[flag.content_type.app_label, flag.content_type.model], flag.object_id, flag.note, flag)
        for flag in shown
    ]
    return flags.count(), found


def broken(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find pages with errors, the worst first."""
    return _checked(filters, part, Q(errors__gt=0))


def doubtful(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find pages with warnings only."""
    return _checked(filters, part, Q(errors=0, warnings__gt=0))


def _checked(filters: WorkFilters, part: slice, condition: Q) -> tuple[int, list[WorkEntry]]:
    wanted = [
        Q(kind=kind.name, object_id__in=_living(filters, kind).values("pk")) for kind in filters.publishable_kinds
    ]
    pages = PageCheck.objects.filter(condition, reduce(or_, wanted, Q(pk__in=[])))
    shown = pages.order_by("-errors", "-warnings", "kind", "object_id")[part]
    return pages.count(), [WorkEntry(row.kind, row.object_id, problems=stored_problems(row)) for row in shown]


def drafts(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find drafts, those last worked on first."""
    return _moments(filters, part, Q(publish_at=None), "-updated_at", lambda _moment: "")


def waiting(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find scheduled pages, the next one first."""

    def reason(moment: datetime) -> str:
        return gettext("Scheduled for %(moment)s") % {"moment": moment_in_words(moment)}

    return _moments(filters, part, Q(publish_at__gt=timezone.now()), "publish_at", reason)


def overdue(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find pages whose review date has passed, the longest overdue first."""

    def reason(day: date) -> str:
        return gettext("Review was due by %(day)s") % {"day": day_in_words(day)}

    return _moments(filters, part, Q(review_by__lt=timezone.localdate()), "review_by", reason)


def _moments(
    filters: WorkFilters, part: slice, condition: Q, order: str, reason: Callable[[Any], str]
) -> tuple[int, list[WorkEntry]]:
    """Find the living pages of all kinds with a condition, in the order of one of their fields. Two queries."""
    moment = F(order.lstrip("-"))
    named: list[QuerySet[Any]] = [
        _living(filters, kind)
        .filter(condition)
        .annotate(moment=moment, kind=Value(kind.name, output_field=CharField()))
        .values_list("moment", "kind", "pk")
        for kind in filters.publishable_kinds
    ]
    if not named:
        return 0, []
    pages = named[0].union(*named[1:], all=True)
    order = "-moment" if order.startswith("-") else "moment"
    shown = pages.order_by(order, "kind", "pk")[part]
    return pages.count(), [WorkEntry(kind, pk, reason(moment)) for moment, kind, pk in shown]


def most_used(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find public pages without review date, or not changed for a year, the most used first."""
    used = uses()
    unread = Q(review_by=None) | Q(updated_at__lt=timezone.now() - REVIEW_AGE)
    found = []
    for kind in filters.publishable_kinds:
        public = filters.records_of_person(kind).filter(unread, pk__in=kind.objects.published().values("pk"))
        pages = public.values_list("number", "pk")
        found += [(used[number], number, kind.name, pk) for number, pk in pages if number in used]
    found.sort(key=lambda page: (-page[0].total, page[1]))
    del found[MOST_USED:]
    return len(found), [WorkEntry(kind, pk, use.text) for use, _number, kind, pk in found[part]]


def without_address(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find outside pages without an address, by name, with the pages whose texts name them."""
    if OUTSIDE_PAGE not in filters.kinds:
        return 0, []
    pages = filters.records_of_person(OUTSIDE_PAGE).filter(address="")
    shown = list(pages.order_by("name", "pk")[part])
    used = pages_by_outside_page(shown)
    missing = gettext("Address missing")
    return pages.count(), [
        WorkEntry(OUTSIDE_PAGE.name, page.pk, f"{missing}. {used_on(used[page.slug])}") for page in shown
    ]


def unconfirmed(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find contact points that nobody has confirmed for a year."""
    count, found = unconfirmed_contacts(filters, part)
    return count, [WorkEntry(*entry) for entry in found]


def dead_links(filters: WorkFilters, part: slice) -> tuple[int, list[WorkEntry]]:
    """Find the records with links to other sites that are dead, those dead for the longest first."""
    links = {link.address: link for link in CheckedLink.objects.dead().order_by("first_failed_at", "address")}
    records = records_with(links)
    found = [(name, pk, link) for address, link in links.items() for name, pk in records.get(address, ())]
    wanted = {
        kind.name: set(filters.records_of_person(kind).values_list("pk", flat=True))
        for kind in filters.kinds
        if any(name == kind.name for name, _pk, _link in found)
    }
    found = [(name, pk, link) for name, pk, link in found if pk in wanted.get(name, ())]
    pages = pages_with({(name, pk) for name, pk, _link in found[part]})
    return len(found), [
        WorkEntry(name, pk, dead_reason(link, pages.get((name, pk), []))) for name, pk, link in found[part]
    ]


def dead_reason(link: CheckedLink, pages: Sequence[object]) -> str:
    since = day_in_words(link.first_failed_at or link.checked_at)
    values = {"address": link.address, "result": link.result, "day": since}
    text = gettext("Outside link is dead: %(address)s. %(result)s, since %(day)s.") % values
    return f"{text} {used_on(pages)}" if pages else text


def used_on(pages: Sequence[object]) -> str:
    """Return the names of pages in a sentence, the first few of many."""
    if not pages:
        return gettext("Used on no page.")
    names = ", ".join(f"“{page}”" for page in pages[:MOST_NAMED])
    more = len(pages) - MOST_NAMED
    if more <= 0:
        return gettext("Used on %(pages)s.") % {"pages": names}
    text = ngettext("Used on %(pages)s and %(more)d more page.", "Used on %(pages)s and %(more)d more pages.", more)
    return text % {"pages": names, "more": more}


def _living(filters: WorkFilters, kind: ContentKind) -> QuerySet[Any]:
    """Return the filtered pages of a kind, without archived ones: there is nothing to do about them."""
    return filters.records_of_person(kind).filter(pk__in=living(kind).values("pk"))


SECTIONS = [
    WorkSection(
        "flagged",
        _("Needs change"),
        _("Notes from staff. When the change is made, select “Done” on the record's page."),
        _("No flags."),
        flagged,
    ),
    WorkSection(
        "problems",
        _("Errors"),
        _("Errors on public pages, or that keep a page from being published."),
        _("No errors on the pages checked."),
        broken,
    ),
    WorkSection(
        "warnings",
        _("Warnings"),
        _("These pages can be published, but could be improved."),
        _("No warnings on the pages checked."),
        doubtful,
    ),
    WorkSection(
        "dead-links",
        _("Dead outside links"),
        _("Links to other sites that failed on at least two days. Correct the address, or remove the link."),
        _("None: no link has failed for longer than a day."),
        dead_links,
    ),
    WorkSection(
        "address-missing",
        _("Outside pages without an address"),
        _("Texts name these pages, but visitors get no link."),
        _("None: every outside page has an address."),
        without_address,
    ),
    WorkSection(
        "contacts",
        _("Contact points to confirm"),
        _("Call the numbers and check the hours, then fill in “Confirmed on”."),
        _("None: every contact point was confirmed within a year."),
        unconfirmed,
    ),
    WorkSection(
        "drafts",
        _("Drafts"),
        _("Only staff can see these, most recently edited first."),
        _("No drafts."),
        drafts,
    ),
    WorkSection(
        "waiting",
        _("Scheduled"),
        _("These pages will be published automatically, soonest first."),
        _("No scheduled pages."),
        waiting,
    ),
    WorkSection(
        "overdue",
        _("Review date passed"),
        _("Check whether these pages are still correct."),
        _("No overdue reviews."),
        overdue,
        is_review=True,
    ),
    WorkSection(
        "most-used",
        _("Most used, not reviewed"),
        _("Public pages without a review date or changes in the last year, by visits in the last 90 days."),
        _("None: all pages in use have a review date and were changed in the last year."),
        most_used,
        is_review=True,
    ),
]
