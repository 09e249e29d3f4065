"""Rules of the publish check for contact points and their lines: people can be reached, confirmed lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from django.db import connection
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.contacts.models import HAS_WEBSITE, ContactLine, ContactPoint
from helpdesk.publishcheck.context import CheckContext, cached_per_context
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import load_for_check, rules_for
from helpdesk.publishcheck.text_rules import long_sentences

# After this time staff are asked to look at numbers, hours and addresses again.
CONFIRMED_FOR = timedelta(days=365)

NOBODY_TO_REACH = ProblemMessage(
    "no-way-to-people",
    _(
        "Visitors can't reach anybody: no contact point has a line with a number, an email or a web address. "
        "Add one to a contact point."
    ),
)
OUT_OF_REACH = ProblemMessage(
    "contact-out-of-reach",
    _("Visitors can't reach “%(name)s”. Add a line with a number, an email or a web address."),
    Severity.WARNING,
)
NEVER_CONFIRMED = ProblemMessage(
    "contact-not-confirmed",
    _("Nobody has confirmed how to reach “%(name)s” yet. Check it, then fill in “Confirmed on”."),
    Severity.WARNING,
    variant="never",
)
CONFIRMED_LONG_AGO = ProblemMessage(
    "contact-not-confirmed",
    _(
        "How to reach “%(name)s” was last confirmed on %(day)s, more than a year ago. "
        "Check it again, then update “Confirmed on”."
    ),
    Severity.WARNING,
    variant="long-ago",
)
NO_COUNTRY_CODE = ProblemMessage(
    "number-not-complete",
    _("“%(number)s” can't be dialed from everywhere. Enter it with its country code, such as +1 312 542 6901."),
    Severity.WARNING,
)

HOURS_NOT_READ = ProblemMessage(
    "hours-not-readable",
    _(
        "The hours “%(hours)s” can't be read, so visitors don't see whether somebody answers now. "
        "Enter days and times such as Mon-Fri 09:00-20:00, and their time zone."
    ),
    Severity.WARNING,
)


@cached_per_context
def people_can_be_reached() -> bool:
    """Return whether any contact point of the portal can be called, written to or looked up."""
    return ContactPoint.objects.reachable().exists()


@cached_per_context
def lines_by_contact_point() -> dict[int, list[ContactLine]]:
    """Return all lines by the key of their contact point. One query."""
    found: dict[int, list[ContactLine]] = defaultdict(list)
    for line in ContactLine.objects.all():
        found[line.contact_point_id].append(line)
    return found


def is_last_way_to_people(points: Collection[int] = (), lines: Collection[int] = ()) -> bool:
    """Return whether nobody could be reached without the contact points or lines with these keys.

    Inside a transaction the contact points stay as they are until its end, so that of two who delete at the same time
    each sees what the other leaves.
    """
    everybody = ContactPoint.objects.exclude(pk__in=points)
    if connection.in_atomic_block:
        # Locked before the lines are read: whoever deletes a line holds the lock of its contact point.
        list(ContactPoint.objects.select_for_update().values_list("pk", flat=True))
    numbers = ContactLine.objects.reachable().exclude(pk__in=lines).values("contact_point")
    written = everybody.filter(~Q(email="") | HAS_WEBSITE)
    left = written.exists() or everybody.filter(pk__in=numbers).exists()
    return not left and ContactPoint.objects.reachable().exists()


load_for_check(ContactPoint, public_from=lambda contact_point: timezone.now())


@rules_for(ContactPoint)
def contact_point_problems(contact_point: ContactPoint, context: CheckContext) -> Iterator[Problem]:
    """Yield what keeps visitors from reaching the people. The list of contact points is always public."""
    if not people_can_be_reached(context):
        yield NOBODY_TO_REACH.on(contact_point)
    elif not is_reachable(contact_point, context):
        yield OUT_OF_REACH.on(contact_point, name=str(contact_point))
    if not context.errors_only:
        yield from _unconfirmed(contact_point, context)
        yield from _unreadable_lines(contact_point, context)
    yield from long_sentences(contact_point, context, "purpose", "preparation")


def is_reachable(contact_point: ContactPoint, context: CheckContext) -> bool:
    lines = lines_by_contact_point(context).get(contact_point.pk, ())
    return bool(contact_point.email or contact_point.website or any(line.number for line in lines))


def _unconfirmed(contact_point: ContactPoint, context: CheckContext) -> Iterator[Problem]:
    day = contact_point.confirmed_on
    if day is None:
        yield NEVER_CONFIRMED.on(contact_point, "confirmed_on", name=str(contact_point))
    elif day < timezone.localdate(context.moment) - CONFIRMED_FOR:
        yield CONFIRMED_LONG_AGO.on(contact_point, "confirmed_on", name=str(contact_point), day=day)


def _unreadable_lines(contact_point: ContactPoint, context: CheckContext) -> Iterator[Problem]:
    for line in lines_by_contact_point(context).get(contact_point.pk, ()):
        if line.number and not line.dialed.e164:
            yield NO_COUNTRY_CODE.on(contact_point, number=line.number)
        if line.hours and line.opening is None:
            yield HOURS_NOT_READ.on(contact_point, hours=line.hours)


def people_problems(page: Model, named: Iterable[ContactPoint | None], context: CheckContext) -> Iterator[Problem]:
    """Yield a page from which nobody can be reached, or nobody of those it names."""
    on_page = [contact_point for contact_point in named if contact_point is not None]
    if not people_can_be_reached(context):
        yield NOBODY_TO_REACH.on(on_page[0] if on_page else page)
    elif on_page and not any(is_reachable(contact_point, context) for contact_point in on_page):
        yield OUT_OF_REACH.on(on_page[0], name=str(on_page[0]))
