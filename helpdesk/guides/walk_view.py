"""A walk as its pages show it: each check with its place, its state and its link."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from helpdesk.addresses.former import Moved, Renamed
from helpdesk.content.audience import Audience
from helpdesk.guides.models import Check, ContactPoint, Resolution, Symptom
from helpdesk.guides.page_lookup import find_symptom, renamed_causes
from helpdesk.guides.walk import replay, split
from helpdesk.guides.walk_pages import WalkPages

# Parameters of an address with the answers of a walk.
PARAMETERS = ("no", "skip", "tried")

_NOTHING = QueryDict()


@dataclass(frozen=True, slots=True)
class Step:
    """A check in the list of a symptom's checks; `url` is its page, with the answers to the other checks."""

    check: Check
    title: str
    place: str  # from "1"; as text, since a template formats a number ten times as slowly
    state: str  # "current", "found", "no", "skip" or "open"
    was_tried: bool  # of those with "no": what to do about it did not help
    url: str

    @property
    def is_ruled_out(self) -> bool:
        """True where the visitor said that this is not the cause."""
        return self.state == "no" and not self.was_tried


def parameters(request: HttpRequest) -> QueryDict:
    """Return the query of the address. Most pages have none: then there is nothing to parse."""
    return request.GET if request.META.get("QUERY_STRING") else _NOTHING


class WalkView(WalkPages):
    """A walk as its pages show it: read from the address, with its list of checks and the people to turn to."""

    @classmethod
    def read(cls, request: HttpRequest, symptom: Symptom, current: str | None = None) -> WalkView:
        """Return the walk that the parameters of the address stand for.

        Raises Moved when a cause in the address, `current` included, has another slug now.
        """
        said = {name: split(parameters(request).getlist(name)) for name in PARAMETERS}
        by = parameters(request).getlist("by")[:1] if current is None else [current]
        renamed = renamed_causes([*by, *chain.from_iterable(said.values())], symptom)
        present = {name: [renamed.get(slug, slug) for slug in slugs] for name, slugs in said.items()}
        fixes = {check.cause.slug for check in symptom.checks_in_order if check.cause.offers_fix_after_yes}
        answers = replay(symptom.check_slugs, **present | {"tried": fixes.intersection(present["tried"])})
        about = next((renamed.get(slug, slug) for slug in by), None)
        if about is not None:
            answers = answers.without(about)
        found = about if current is None and about in answers.checks else None
        current = about if current is not None else None
        walk = cls(request, symptom, answers, current, found)
        if any(slug in symptom.check_slugs for slug in renamed.values()):
            raise Moved(walk.url_here)
        return walk

    def is_normal_for(self, request: HttpRequest) -> bool:
        """Return whether the address of the request says the same as the walk."""
        asked = parameters(request)
        if self.current is not None and self.current not in self.answers.checks:
            return False
        if self.current is None and asked.getlist("by") != ([self.found] if self.found else []):
            return False
        return all(asked.getlist(name) == _parameter(getattr(self.answers, name)) for name in PARAMETERS)

    @property
    def place(self) -> int | None:
        """The number of that check, from 1."""
        return self.answers.place(self.current) if self.current and self.current in self.checks else None

    @property
    def next_place(self) -> int | None:
        """The number of the first check without an answer, from 1; None when all have one."""
        return self.answers.place(self.answers.next) if self.answers.next else None

    @property
    def people(self) -> list[ContactPoint]:
        """The people who must act now: those of a resolution that the page shows; empty where nobody has to."""
        if self.subject is None or (self.check and self.asks(self.subject.cause.slug) and not self.is_fix):
            return []
        resolution = self.subject.cause.resolution
        if resolution.ending != Resolution.Ending.CONTACT or resolution.contact_point is None:
            return []
        return [resolution.contact_point]

    @cached_property
    def steps(self) -> list[Step]:
        """All checks in order."""
        return [
            Step(check, check.cause.title, str(place), self._state(slug), slug in self.tried_slugs, self.url_of(slug))
            for place, (slug, check) in enumerate(self.checks.items(), start=1)
        ]

    @property
    def step_states(self) -> tuple[str, ...]:
        """The states of the checks, in order."""
        return tuple(step.state for step in self.steps)

    @cached_property
    def tried_slugs(self) -> frozenset[str]:
        """The checks ruled out by trying what to do about them."""
        return frozenset(slug for slug in self.answers.no if slug in self.answers.tried or self._only_tries(slug))

    def _only_tries(self, slug: str) -> bool:
        """Return whether the check asks nothing but whether its fix helped."""
        return not self.asks(slug) and self.checks[slug].cause.resolution.ending == Resolution.Ending.FIX

    def _state(self, slug: str) -> str:
        if slug in (self.current, self.found):
            return "current" if slug == self.current else "found"
        if slug in self.answers.no:
            return "no"
        return "skip" if slug in self.answers.skip else "open"

    @cached_property
    def answered_steps(self) -> list[Step]:
        """The checks with an answer."""
        return [step for step in self.steps if step.state in ("no", "skip")]

    @cached_property
    def contacts(self) -> list[ContactPoint]:
        """The contact points of this situation, those of the current check first, each once; else all with a line."""
        checks = [*([self.subject] if self.subject else []), *self.checks.values()]
        found = [check.cause.resolution.contact_point for check in checks]
        named = dict.fromkeys(contact for contact in found if contact is not None)
        return list(named or self.symptom.other_contacts)


def _parameter(slugs: tuple[str, ...]) -> list[str]:
    return [",".join(slugs)] if slugs else []


def symptom_at(request: HttpRequest, guide: str, symptom: str, current: str | None = None) -> Symptom:
    """Return the symptom at this address with all that its pages read. Three queries.

    Raises Renamed, Moved, Gone, Http404. Where a cause in the address was renamed as well, Moved leads to the page
    with all its present slugs, so that nobody is redirected twice.
    """
    audience = Audience.of(request)
    try:
        return find_symptom(audience, guide, symptom)
    except Renamed as renamed:
        WalkView.read(request, find_symptom(audience, **renamed.slugs), current)
        raise
