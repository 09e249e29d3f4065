"""Guides and symptoms as they were: what stood on their pages when, and the pages of a moment.

Everything comes from the versions of that time, never from what is stored today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.content.publishing import State
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.history.changes import names_of
from helpdesk.history.intervals import behind, below, orders
from helpdesk.history.timeline import PageHistory, Span
from helpdesk.history.versions import DELETED, living_at, versions_at


def symptom_history(pk: int) -> PageHistory:
    """What stood on a symptom's page when: its causes in the order of its checks, their resolutions, the people."""
    own = Span(Symptom, pk)
    checks = below(Check, "symptom", [own])
    order = orders(Check, "symptom", pk, by=("position",), shown=lambda check: (Cause, check.cause_id))
    return PageHistory([own, *_behind_checks(checks)], order, _("Checks"))


def guide_history(pk: int) -> PageHistory:
    """What stood in a guide when: its situations in order, and all that stood on their pages."""
    own = Span(Guide, pk)
    symptoms = below(Symptom, "guide", [own])
    checks = below(Check, "symptom", symptoms)
    order = orders(Symptom, "guide", pk, by=("position", "number"), shown=lambda symptom: (Symptom, symptom.id))
    return PageHistory([own, *symptoms, *_behind_checks(checks)], order, _("Situations"))


def cause_history(pk: int) -> PageHistory:
    """A cause with its resolutions and the people they named, while they were its own."""
    own = Span(Cause, pk)
    return PageHistory([own, *_behind_causes([own])])


def resolution_history(pk: int) -> PageHistory:
    """A resolution with the people it named, while it named them."""
    own = Span(Resolution, pk)
    return PageHistory([own, *behind(Resolution, "contact_point", [own])])


def _behind_checks(checks: Sequence[Span]) -> list[Span]:
    causes = behind(Check, "cause", checks)
    return [*causes, *_behind_causes(causes)]


def _behind_causes(causes: Sequence[Span]) -> list[Span]:
    resolutions = behind(Cause, "resolution", causes)
    return [*resolutions, *behind(Resolution, "contact_point", resolutions)]


class PastSymptom:
    """A symptom's page at a moment; `symptom` is None where there was none. Seven queries.

    `symptom` has its guide, its checks with causes, resolutions and people, and the guide it led to, all as they were.
    `lost` counts the checks whose text of that time nobody kept.
    """

    def __init__(self, pk: int, moment: datetime) -> None:
        self.moment = moment
        self.lost = 0
        version = living_at(Symptom, moment, id=pk).first()
        self.symptom: Any = version.instance if version else None
        if self.symptom is None:
            return
        guides = _by_key(living_at(Guide, moment, id__in={self.symptom.guide_id, self.symptom.leads_to_id} - {None}))
        self.has_guide = self.symptom.guide_id in guides
        if not self.has_guide:
            return
        self.symptom.guide = guides[self.symptom.guide_id]
        self.symptom.leads_to = guides.get(self.symptom.leads_to_id)
        self._give_checks()

    def _give_checks(self) -> None:
        checks = [v.instance for v in living_at(Check, self.moment, symptom_id=self.symptom.pk).order_by("position")]
        causes = causes_at([check.cause_id for check in checks], self.moment)
        known = [check for check in checks if check.cause_id in causes]
        for check in known:
            check.cause, check.symptom = causes[check.cause_id], self.symptom
        self.lost = len(checks) - len(known)
        # As Django's prefetching leaves them, so that the pages' own code finds them.
        found = Check.objects.none()
        found._result_cache, found._prefetch_done = known, True  # type: ignore[attr-defined]
        self.symptom._prefetched_objects_cache = {"checks": found}

    @property
    def hidden_because(self) -> str:
        """Why visitors did not see the page at that moment; empty where they did."""
        return hidden_because(self.symptom, self.moment)


def hidden_because(symptom: Symptom, moment: datetime) -> str:
    """Why visitors did not see a symptom at a moment, by what it and its guides were like then."""
    if reason := not_public_because(symptom, moment):
        return reason
    if symptom.guide.state_at(moment) != State.PUBLISHED:
        return _("Its guide was not published.")
    if symptom.leads_to_id and (symptom.leads_to is None or symptom.leads_to.state_at(moment) != State.PUBLISHED):
        return _("The guide it led to was not published.")
    return ""


def not_public_because(page: Any, moment: datetime) -> str:
    """What a page was instead of being public at a moment; empty where it was public."""
    match page.state_at(moment):
        case State.DRAFT:
            return _("It was a draft.")
        case State.SCHEDULED:
            return _("It was waiting for the moment of its publication.")
        case State.ARCHIVED:
            return _("It was archived.")
    return ""


def guide_at(pk: int, moment: datetime) -> Any:
    """The guide as it was, with `situations`, those visitors saw then; None where there was none. Three queries."""
    version = living_at(Guide, moment, id=pk).first()
    if version is None:
        return None
    guide: Any = version.instance
    guide.situations = situations_at(guide, moment)
    return guide


def situations_at(guide: Any, moment: datetime) -> list[Symptom]:
    """The situations of a guide that visitors saw at a moment, in the order of then. Two queries."""
    symptoms = [v.instance for v in living_at(Symptom, moment, guide_id=guide.pk).order_by("position", "number")]
    led_to = _by_key(living_at(Guide, moment, id__in={symptom.leads_to_id for symptom in symptoms} - {None}))
    for symptom in symptoms:
        symptom.guide, symptom.leads_to = guide, led_to.get(symptom.leads_to_id)
    # Whether the guide itself was public is said of its page.
    return [s for s in symptoms if hidden_because(s, moment) in ("", _("Its guide was not published."))]


def symptoms_at(keys: Sequence[Any], moment: datetime) -> list[Symptom]:
    """Those of the symptoms that visitors saw at a moment, with their guides of then. Two queries."""
    symptoms = [v.instance for v in living_at(Symptom, moment, id__in=keys)]
    wanted = {key for symptom in symptoms for key in (symptom.guide_id, symptom.leads_to_id)} - {None}
    guides = _by_key(living_at(Guide, moment, id__in=wanted))
    known = [symptom for symptom in symptoms if symptom.guide_id in guides]
    for symptom in known:
        symptom.guide, symptom.leads_to = guides[symptom.guide_id], guides.get(symptom.leads_to_id)
    seen = [symptom for symptom in known if not hidden_because(symptom, moment)]
    return sorted(seen, key=lambda s: (s.guide.position, s.guide.number, s.position, s.number))


def causes_at(keys: Sequence[Any], moment: datetime) -> dict[Any, Any]:
    """The causes as they were, with resolution and people; what nobody knows any more is missing. Three queries."""
    causes = _by_key(living_at(Cause, moment, id__in=keys))
    resolutions = _by_key(living_at(Resolution, moment, id__in={cause.resolution_id for cause in causes.values()}))
    wanted = {resolution.contact_point_id for resolution in resolutions.values()} - {None}
    contacts = _by_key(living_at(ContactPoint, moment, id__in=wanted))
    for resolution in resolutions.values():
        resolution.contact_point = contacts.get(resolution.contact_point_id)
    known = {key: cause for key, cause in causes.items() if cause.resolution_id in resolutions}
    for cause in known.values():
        cause.resolution = resolutions[cause.resolution_id]
    return known


def contacts_at(moment: datetime) -> list[ContactPoint]:
    """All people to turn to, as they were. One query."""
    return [version.instance for version in living_at(ContactPoint, moment).order_by("position", "slug")]


def checks_at(pk: int, moment: datetime) -> list[tuple[int, str]]:
    """The causes that a symptom had at a moment, in order: their keys, and their names. Four queries.

    At the moment the symptom was deleted, they are those that went with it.
    """
    last = versions_at(Symptom, moment, id=pk).first()
    if last is not None and last.history_type == DELETED:
        rows = Check.history.filter(symptom_id=pk, history_type=DELETED, history_date=last.history_date)
    else:
        rows = living_at(Check, moment, symptom_id=pk)
    keys = list(rows.order_by("position").values_list("cause_id", flat=True))
    names = names_of(Cause, keys)
    return [(key, names.get(key, "")) for key in keys]


def _by_key(versions: Any) -> dict[Any, Any]:
    return {version.id: version.instance for version in versions}
