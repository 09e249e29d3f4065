"""Rules of the publish check for guides, symptoms, and the records of symptoms, in addition to the common rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.page_index import page_index
from helpdesk.contacts.publish_rules import NOBODY_TO_REACH, people_problems
from helpdesk.content.publishing import State
from helpdesk.guides.models import Cause, Check, Guide, Resolution, Symptom
from helpdesk.guides.models.loops import LOOP_TEXT, OnwardLink, find_loop, loop_words
from helpdesk.publishcheck.context import CheckContext, cached_per_context
from helpdesk.publishcheck.problems import Problem, ProblemMessage, Severity
from helpdesk.publishcheck.rules import apply_rules, load_for_check, own_moment, rules_for
from helpdesk.publishcheck.text_rules import hard_reading, long_sentences

NO_RESOLUTION = ProblemMessage("no-resolution", _("This cause has no instructions. Add a resolution or what to do."))
NOTHING_TO_CHECK = ProblemMessage(
    "nothing-to-check",
    _("This situation has no checks. Before publishing, add a check or choose the guide it continues in."),
)
CHECKS_AND_GUIDE = ProblemMessage(
    "checks-before-another-guide",
    _(
        "A situation that continues in another guide can't have checks. Delete the checks, or "
        "clear “Continues in guide”."
    ),
)
LOOP = ProblemMessage("loop", LOOP_TEXT)
LEADS_TO_HIDDEN = {
    state: ProblemMessage("leads-to-hidden-guide", text, variant=state)
    for state, text in {
        "draft": _("It continues in the guide “%(name)s”, which is a draft. Publish that guide first."),
        "scheduled": _(
            "It continues in the guide “%(name)s”, which isn't public until %(moment)s. Publish that guide first."
        ),
        "archived": _("It continues in the guide “%(name)s”, which is archived. Publish that guide first."),
    }.items()
}
NO_PUBLIC_SITUATION = ProblemMessage(
    "no-public-situation",
    _("None of its situations is public, so its list would be empty. Publish one of them first."),
)
GROUP_OF_ANOTHER_GUIDE = ProblemMessage(
    "group-of-another-guide",
    _("Its group “%(name)s” is a heading in another guide. Choose one of this guide's, or none."),
)
EMPTY_GROUP = ProblemMessage(
    "empty-group",
    _("No public situation is in the group “%(name)s”, so visitors don't see it. Add situations to it or delete it."),
    Severity.WARNING,
)


# Facts about the whole portal


@cached_per_context
def onward_links() -> dict[int, list[OnwardLink]]:
    """Return the onward links of all symptoms, by the guide they belong to."""
    found: dict[int, list[OnwardLink]] = defaultdict(list)
    for symptom in Symptom.objects.exclude(leads_to=None).select_related("leads_to"):
        found[symptom.guide_id] += symptom.onward_links
    return found


# Resolutions, causes: public from the first page that shows them


def resolutions() -> QuerySet[Resolution]:
    checks = Prefetch("causes__checks", Check.objects.select_related("symptom__guide"))
    return Resolution.objects.select_related("contact_point").prefetch_related(checks)


def resolution_from(resolution: Resolution) -> datetime | None:
    return earliest(check for cause in resolution.causes.all() for check in cause.checks.all())


load_for_check(Resolution, resolutions, resolution_from)


@rules_for(Resolution)
def resolution_problems(resolution: Resolution, context: CheckContext) -> Iterator[Problem]:
    if resolution.contact_point is not None:
        yield from apply_rules(resolution.contact_point, context)


def causes() -> QuerySet[Cause]:
    checks = Prefetch("checks", Check.objects.select_related("symptom__guide"))
    return Cause.objects.select_related("resolution__contact_point").prefetch_related(checks)


def earliest(checks: Iterable[Check]) -> datetime | None:
    """Return the moment from which the first of these checks is on a page for visitors."""
    moments = (symptom_from(check.symptom) for check in checks)
    return min((moment for moment in moments if moment), default=None)


load_for_check(Cause, causes, lambda cause: earliest(cause.checks.all()))


@rules_for(Cause)
def cause_problems(cause: Cause, context: CheckContext) -> Iterator[Problem]:
    # The column cannot be empty; an import or a form in the making can.
    if not cause.resolution_id:
        yield NO_RESOLUTION.on(cause, "resolution")
    else:
        yield from apply_rules(cause.resolution, context)


# Symptoms


def symptom_from(symptom: Symptom) -> datetime | None:
    """Return the moment from which visitors read the symptom. A guide that is a draft does not count: it has none."""
    moment = own_moment(symptom)
    guide = symptom.guide
    if moment is None or guide.state == State.ARCHIVED:
        return None
    return max(moment, guide.publish_at) if guide.publish_at else moment


load_for_check(Symptom, lambda: Symptom.objects.for_page(), symptom_from)


@rules_for(Symptom)
def symptom_problems(symptom: Symptom, context: CheckContext) -> Iterator[Problem]:
    """Yield what is wrong with the symptom, its checks, and all that they show."""
    checks = checks_of(symptom)
    yield from course_problems(symptom, checks, context)
    if symptom.group is not None and symptom.group.guide_id != symptom.guide_id:
        yield GROUP_OF_ANOTHER_GUIDE.on(symptom, "group", name=symptom.group.title)
    # What is on the symptom's page is read once the symptom and its guide are public.
    shown = context.along_with(symptom.number, symptom.guide.number)
    for check in checks:
        yield from apply_rules(check.cause, shown)
    answers = [check.cause for check in checks if check.cause.resolution_id]
    yield from people_problems(symptom, [cause.resolution.contact_point for cause in answers], context)
    yield from hard_reading(symptom, context, *texts_of(symptom, answers))


def checks_of(symptom: Symptom) -> Sequence[Check]:
    """Return the checks in order, with all that they show; those loaded with the symptom cost no query."""
    if not symptom.pk:
        return []
    if "checks" in getattr(symptom, "_prefetched_objects_cache", {}):
        return list(symptom.checks.all())
    return list(symptom.checks.order_by("position").select_related("cause__resolution__contact_point"))


def texts_of(symptom: Symptom, answers: Iterable[Cause]) -> Iterator[str]:
    """Yield the texts of the symptom's page."""
    yield from (symptom.title, symptom.introduction, symptom.notice)
    for cause in answers:
        yield from (cause.title, cause.how_to_check, cause.resolution.title, cause.resolution.body, cause.prevention)


def course_problems(symptom: Symptom, checks: Sequence[Check], context: CheckContext) -> Iterator[Problem]:
    """Yield what is wrong with the way on: to checks, or to another guide, never round in a circle."""
    if symptom.leads_to is None:
        if not checks:
            yield NOTHING_TO_CHECK.on(symptom)
        return
    if checks:
        yield CHECKS_AND_GUIDE.on(symptom, "leads_to")
    for link in symptom.onward_links:
        if way := find_loop(symptom.guide_id, str(symptom.guide), link, lambda pk: onward_links(context).get(pk, ())):
            yield LOOP.on(symptom, "leads_to", way=loop_words(way))
    page = page_index(context).by_number("guide", symptom.leads_to.number)
    hidden = page.hidden_by(context.moment) if page else None
    if hidden is not None:
        state, values = hidden.state_at(context.moment)
        yield LEADS_TO_HIDDEN[state].on(symptom, "leads_to", name=str(symptom.leads_to), **values)


# Guides


load_for_check(Guide, lambda: Guide.objects.prefetch_related("symptoms", "groups"))


@rules_for(Guide)
def guide_problems(guide: Guide, context: CheckContext) -> Iterator[Problem]:
    """Yield what is wrong with the guide, and with each situation that is or will be public with it."""
    yield from long_sentences(guide, context, "prompt")
    yield from people_problems(guide, (), context)
    states = {symptom: symptom.state_at(context.moment) for symptom in situations(guide, context)}
    if State.PUBLISHED not in states.values():
        yield NO_PUBLIC_SITUATION.on(guide)
    shown = [symptom for symptom, state in states.items() if state in (State.PUBLISHED, State.SCHEDULED)]
    used = {symptom.group_id for symptom in shown}
    for group in guide.groups.all() if guide.pk else ():
        if group.pk not in used:
            yield EMPTY_GROUP.on(guide, name=group.title)
    yield from hard_reading(
        guide, context, guide.title, guide.prompt, guide.introduction, *(one.title for one in shown)
    )
    for symptom in shown if not context.every_page else ():
        for problem in apply_rules(symptom, context.not_before(symptom.publish_at)):
            if problem.message is not NOBODY_TO_REACH:  # reported of the guide already
                yield problem


def situations(guide: Guide, context: CheckContext) -> Iterable[Symptom]:
    """Return the guide's situations, with all that they show where the guide answers for that."""
    if not guide.pk:
        return ()
    return guide.symptoms.all() if context.every_page else guide.symptoms.for_page()
