"""A walk as a page shows it: every check with its place, what was said of it, and where its link leads."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from helpdesk.addresses.former import Moved
from helpdesk.guides.models import Check, ContactPoint, Symptom
from helpdesk.guides.page_lookup import renamed_causes
from helpdesk.guides.walk import Walk, replay, split
from helpdesk.web.urls import address

_NOTHING = QueryDict()


@dataclass(frozen=True, slots=True)
class Step:
    """One check in the list of a symptom's checks."""

    check: Check
    place: int
    state: str  # "current", "no", "skip" or "open"
    url: str  # the check's page, with the answers to the others: to jump there, or to change the answer


def parameters(request: HttpRequest) -> QueryDict:
    """What the address asks with. Most pages are asked for without anything: then there is nothing to read."""
    return request.GET if request.META.get("QUERY_STRING") else _NOTHING


class Trail:
    """A symptom, the visitor's answers, and the check that the page is about, if it is about one."""

    def __init__(self, request: HttpRequest, symptom: Symptom, walk: Walk, current: str | None = None) -> None:
        self.request = request
        self.symptom = symptom
        self.walk = walk
        self.current = current

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The symptom's checks by their causes' slugs, in order."""
        return {check.cause.slug: check for check in self.symptom.checks_in_order}

    @classmethod
    def read(cls, request: HttpRequest, symptom: Symptom, current: str | None = None) -> Trail:
        """The trail that the request's `no` and `skip` stand for.

        Raises Moved when a cause in the address, the `current` one included, has another slug by now.
        """
        checks = symptom.check_slugs
        no, skip = (split(parameters(request).getlist(name)) for name in ("no", "skip"))
        renamed = renamed_causes([*([current] if current else []), *no, *skip], symptom)
        walk = replay(checks, no=(renamed.get(s, s) for s in no), skip=(renamed.get(s, s) for s in skip))
        if current is not None:
            current = renamed.get(current, current)
            walk = walk.without(current)
        trail = cls(request, symptom, walk, current)
        if any(slug in checks for slug in renamed.values()):
            raise Moved(trail.url_here)
        return trail

    @cached_property
    def check(self) -> Check | None:
        """The check that the page is about."""
        return self.checks.get(self.current) if self.current else None

    @property
    def place(self) -> int | None:
        """The number of that check, from 1."""
        return self.walk.place(self.current) if self.current and self.current in self.checks else None

    @property
    def url_here(self) -> str:
        """This page in normal form: the check's page, or the page asked for with the answers in order."""
        if self.current is not None:
            return self.url_of(self.current) if self.current in self.checks else self.url_next
        return self.request.path + self.walk.query

    @property
    def is_normal(self) -> bool:
        """Whether the address of the request says the same as the trail."""
        asked = {name: parameters(self.request).getlist(name) for name in ("no", "skip")}
        normal = {
            name: [",".join(slugs)] if slugs else [] for name, slugs in (("no", self.walk.no), ("skip", self.walk.skip))
        }
        return asked == normal and (self.current is None or self.current in self.walk.checks)

    @property
    def url_next(self) -> str:
        """Where the walk goes on: the first check without an answer, or the people to call."""
        return self.url_of(self.walk.next) if self.walk.next else self.url_contact

    @property
    def url_contact(self) -> str:
        """The page with the people to call, with the answers so far."""
        return self._url("contact") + self.walk.query

    def url_of(self, cause: str) -> str:
        """The page of a check, with the answers to all others."""
        return self._url("check", cause) + self.walk.without(cause).query

    def url_fixed(self, cause: str) -> str:
        """The page that closes the walk with what helped."""
        return f"{self._url('fixed')}?by={cause}"

    def _url(self, name: str, *slugs: str) -> str:
        return address(self.request, name, self.symptom.guide.slug, self.symptom.slug, *slugs)

    @cached_property
    def steps(self) -> list[Step]:
        """All checks in order."""
        return [
            Step(check, place, self._state(slug), self.url_of(slug))
            for place, (slug, check) in enumerate(self.checks.items(), start=1)
        ]

    @property
    def next_place(self) -> int | None:
        """The number of the first check without an answer, from 1; None when all have one."""
        return self.walk.place(self.walk.next) if self.walk.next else None

    def _state(self, slug: str) -> str:
        if slug == self.current:
            return "current"
        if slug in self.walk.no:
            return "no"
        return "skip" if slug in self.walk.skip else "open"

    @cached_property
    def answered_steps(self) -> list[Step]:
        """The checks that something was said of."""
        return [step for step in self.steps if step.state in ("no", "skip")]

    @cached_property
    def contacts(self) -> list[ContactPoint]:
        """The people for this situation, those for the present check first, each once."""
        checks = [*([self.check] if self.check else []), *self.checks.values()]
        found = [check.cause.resolution.contact_point for check in checks]
        return list(dict.fromkeys(contact for contact in found if contact is not None))
