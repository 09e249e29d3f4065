"""Rules of the publish check for guides, symptoms, and what symptoms are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.addresses.page_index import directory
from helpdesk.addresses.publish_rules import slug_problems, text_problems
from helpdesk.content.publishing import State
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.guides.models.loops import LOOP_TEXT, OnwardLink, find_loop, loop_words
from helpdesk.publishcheck.problems import (
    Problem,
    Severity,
    once_a_look,
    own_moment,
    pages_answer_for_themselves,
    rules_for,
)
from helpdesk.publishcheck.text_rules import hard_reading, keyword_problems, long_sentences, review_problems

NOBODY = "no-way-to-people"
NOTHING_TO_CHECK = gettext_lazy(
    "There is nothing to check here. Add a check or say which guide it leads to, before you publish it."
)


# What the rules read of the whole portal


@once_a_look
def people_can_be_reached() -> bool:
    """Whether any contact point of the portal has a telephone number or an email address."""
    return ContactPoint.objects.exclude(phone="", email="").exists()


def is_last_way_to_people(going: Collection[int]) -> bool:
    """Whether without the contact points with these keys nobody could be reached any more, and with them somebody can.

    Inside a transaction the contact points stay as they are until its end, so that of two who delete at the same time
    each sees what the other leaves.
    """
    reachable = ContactPoint.objects.exclude(phone="", email="")
    if connection.in_atomic_block:
        reachable = reachable.select_for_update()
    keys = set(reachable.values_list("pk", flat=True))
    return bool(keys) and keys <= set(going)


@once_a_look
def onward_links() -> dict[int, list[OnwardLink]]:
    """The onward links of all symptoms, by the guide they stand in."""
    found: dict[int, list[OnwardLink]] = defaultdict(list)
    for symptom in Symptom.objects.exclude(leads_to=None).select_related("leads_to"):
        found[symptom.guide_id] += symptom.onward_links
    return found


# Contact points, resolutions, causes


@rules_for(ContactPoint, public_from=lambda contact_point: timezone.now())
def contact_point_problems(
    contact_point: ContactPoint, at: datetime | None, together: Set[int] = frozenset()
) -> Iterator[Problem]:
    """The list of contact points is public, so each of them is."""
    if not people_can_be_reached():
        yield Problem(NOBODY, nobody(), contact_point, "phone")
    yield from text_problems(contact_point, "details", at=at, together=together)
    for field in ("purpose", "preparation"):
        yield from long_sentences(contact_point, field)


def nobody() -> str:
    return _("Visitors could reach nobody: no contact point has a telephone number or an email address.")


def resolutions() -> QuerySet[Resolution]:
    return Resolution.objects.select_related("contact_point").prefetch_related(
        Prefetch("causes__checks", Check.objects.select_related("symptom__guide"))
    )


def resolution_from(resolution: Resolution) -> datetime | None:
    """The moment from which the first page shows it."""
    return earliest(check for cause in resolution.causes.all() for check in cause.checks.all())


@rules_for(Resolution, records=resolutions, public_from=resolution_from)
def resolution_problems(
    resolution: Resolution, at: datetime | None, together: Set[int] = frozenset()
) -> Iterator[Problem]:
    yield from text_problems(resolution, "body", at=at, together=together)
    if resolution.contact_point is not None:
        yield from contact_point_problems(resolution.contact_point, at, together)


def causes() -> QuerySet[Cause]:
    return Cause.objects.select_related("resolution__contact_point").prefetch_related(
        Prefetch("checks", Check.objects.select_related("symptom__guide"))
    )


def earliest(checks: Iterable[Check]) -> datetime | None:
    """The moment from which the first of these checks is on a page for visitors."""
    moments = (symptom_from(check.symptom) for check in checks)
    return min((moment for moment in moments if moment), default=None)


@rules_for(Cause, records=causes, public_from=lambda cause: earliest(cause.checks.all()))
def cause_problems(cause: Cause, at: datetime | None, together: Set[int] = frozenset()) -> Iterator[Problem]:
    yield from slug_problems(cause)
    yield from text_problems(cause, "how_to_check", "prevention", at=at, together=together)
    # The column cannot be empty; an import or a form in the making can.
    if not cause.resolution_id:
        yield Problem("no-resolution", _("Nothing says what to do about this cause."), cause, "resolution")
    else:
        yield from resolution_problems(cause.resolution, at, together)


# Symptoms


def symptoms() -> QuerySet[Symptom]:
    return Symptom.objects.for_page()


def symptom_from(symptom: Symptom) -> datetime | None:
    """The moment from which visitors read the symptom. A guide that is a draft keeps them from it, but for how long?"""
    moment = own_moment(symptom)
    guide = symptom.guide
    if moment is None or guide.state == State.ARCHIVED:
        return None
    return max(moment, guide.publish_at) if guide.publish_at else moment


@rules_for(Symptom, records=symptoms, public_from=symptom_from)
def symptom_problems(symptom: Symptom, at: datetime | None) -> Iterator[Problem]:
    """What is wrong with the symptom, its checks, and all that they show."""
    at = at or timezone.now()
    # What is on the symptom's page is read once its guide is public, too.
    together = frozenset({symptom.number, symptom.guide.number})
    checks = checks_of(symptom)
    yield from course_problems(symptom, checks, at)
    yield from slug_problems(symptom)
    yield from text_problems(symptom, "introduction", "notice", at=at, together=together)
    for check in checks:
        yield from cause_problems(check.cause, at, together)
    answers = [check.cause for check in checks if check.cause.resolution_id]
    yield from people_problems(symptom, [cause.resolution.contact_point for cause in answers])
    yield from keyword_problems(symptom)
    yield from review_problems(symptom)
    yield from hard_reading(symptom, *spoken(symptom, answers))


def checks_of(symptom: Symptom) -> Sequence[Check]:
    """The checks in order, with all that they show; those that were loaded with the symptom cost no query."""
    if not symptom.pk:
        return []
    if "checks" in getattr(symptom, "_prefetched_objects_cache", {}):
        return list(symptom.checks.all())
    return list(symptom.checks.order_by("position").select_related("cause__resolution__contact_point"))


def spoken(symptom: Symptom, answers: Iterable[Cause]) -> Iterator[str]:
    """The texts of the symptom's page."""
    yield from (symptom.title, symptom.introduction, symptom.notice)
    for cause in answers:
        yield from (cause.title, cause.how_to_check, cause.resolution.title, cause.resolution.body, cause.prevention)


def course_problems(symptom: Symptom, checks: Sequence[Check], at: datetime) -> Iterator[Problem]:
    """Where the symptom takes its visitor: to checks, or on to another guide, never round in a circle."""
    if symptom.leads_to is None:
        if not checks:
            text = _(
                "There is nothing to check here. Add a check or say which guide it leads to, before you publish it."
            )
            yield Problem("nothing-to-check", text, symptom)
        return
    if checks:
        text = _("This situation leads on to another guide, so it has no checks: delete the rows or empty “leads to”.")
        yield Problem("checks-before-another-guide", text, symptom, "leads_to")
    for link in symptom.onward_links:
        if way := find_loop(symptom.guide_id, str(symptom.guide), link, lambda pk: onward_links().get(pk, ())):
            yield Problem("loop", str(LOOP_TEXT) % {"way": loop_words(way)}, symptom, "leads_to")
    yield from onward_problems(symptom, symptom.leads_to, at)


def onward_problems(symptom: Symptom, guide: Guide, at: datetime) -> Iterator[Problem]:
    """A guide that the symptom leads to and that visitors could not open."""
    page = directory().by_number("guide", guide.number)
    hidden = page.hidden(at) if page else None
    if hidden is not None:
        text = _("It leads to the guide “%(name)s”, which is %(state)s. Publish that guide first.")
        words = {"name": str(guide), "state": hidden.in_words(at)}
        yield Problem("leads-to-hidden-guide", text % words, symptom, "leads_to")


def people_problems(page: Any, named: Iterable[ContactPoint | None] = ()) -> Iterator[Problem]:
    """A page from which nobody can be reached, or nobody of those it names."""
    on_page = [contact_point for contact_point in named if contact_point is not None]
    if not people_can_be_reached():
        yield Problem(NOBODY, nobody(), on_page[0], "phone") if on_page else Problem(NOBODY, nobody(), page)
    elif on_page and not any(one.phone or one.email or one.details for one in on_page):
        text = _("Named for help, but nothing says how to reach them: %(name)s.")
        text %= {"name": on_page[0]}
        yield Problem("contact-out-of-reach", text, on_page[0], "phone", Severity.WARNING)


# Guides


def guides() -> QuerySet[Guide]:
    return Guide.objects.prefetch_related("symptoms")


@rules_for(Guide, records=guides)
def guide_problems(guide: Guide, at: datetime | None) -> Iterator[Problem]:
    """What is wrong with the guide, and with each situation that is or will be public with it."""
    at = at or timezone.now()
    yield from slug_problems(guide)
    yield from text_problems(guide, "introduction", at=at, together=frozenset({guide.number}))
    yield from long_sentences(guide, "prompt")
    yield from people_problems(guide)
    yield from review_problems(guide)
    shown = [symptom for symptom in situations(guide) if symptom.state_at(at) in (State.PUBLISHED, State.SCHEDULED)]
    if not any(symptom.state_at(at) == State.PUBLISHED for symptom in shown):
        text = _("None of its situations is public, so visitors would find an empty list. Publish one of them first.")
        yield Problem("no-public-situation", text, guide)
    yield from hard_reading(guide, guide.title, guide.prompt, guide.introduction, *(one.title for one in shown))
    for symptom in shown if not pages_answer_for_themselves() else ():
        found = symptom_problems(symptom, max(at, symptom.publish_at) if symptom.publish_at else at)
        # Said of the guide already.
        yield from (problem for problem in found if problem.rule != NOBODY)


def situations(guide: Guide) -> Iterable[Symptom]:
    """The guide's situations, with all that they show where the guide answers for that."""
    if not guide.pk:
        return ()
    return guide.symptoms.all() if pages_answer_for_themselves() else guide.symptoms.for_page()
