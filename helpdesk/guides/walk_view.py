"""A walk as its pages show it: each check with its place, its state and its link."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property

from helpdesk.addresses.former import Moved
from helpdesk.guides.models import Check, ContactPoint, Symptom
from helpdesk.guides.page_lookup import renamed_causes
from helpdesk.guides.walk import Answer, Walk, replay, split
from helpdesk.web.urls import mount_of, path_of

# Parameters of an address with the answers of a walk.
PARAMETERS = ("no", "skip", "tried")

_NOTHING = QueryDict()


@dataclass(frozen=True, slots=True)
class Step:
    """A check in the list of a symptom's checks; `url` is its page, with the answers to the other checks."""

    check: Check
    title: str
    place: str  # from "1"; as text, since a template formats a number ten times as slowly
    state: str  # "current", "no", "skip" or "open"
    url: str


def parameters(request: HttpRequest) -> QueryDict:
    """Return the query of the address. Most pages have none: then there is nothing to parse."""
    return request.GET if request.META.get("QUERY_STRING") else _NOTHING


class WalkView:
    """A symptom, the visitor's answers, and the `current` check, if the page is about one."""

    def __init__(self, request: HttpRequest, symptom: Symptom, answers: Walk, current: str | None = None) -> None:
        self.path, self.mount = request.path, mount_of(request)
        self.symptom = symptom
        self.answers = answers
        self.current = current

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The symptom's checks in order, by the slugs of their causes."""
        return {check.cause.slug: check for check in self.symptom.checks_in_order}

    @classmethod
    def read(cls, request: HttpRequest, symptom: Symptom, current: str | None = None) -> WalkView:
        """Return the walk that the parameters of the address stand for.

        Raises Moved when a cause in the address, `current` included, has another slug now.
        """
        said = {name: split(parameters(request).getlist(name)) for name in PARAMETERS}
        renamed = renamed_causes([*([current] if current else []), *chain.from_iterable(said.values())], symptom)
        present = {name: [renamed.get(slug, slug) for slug in slugs] for name, slugs in said.items()}
        asks = {check.cause.slug for check in symptom.checks_in_order if check.cause.question}
        present["tried"] = [slug for slug in present["tried"] if slug in asks]
        answers = replay(symptom.check_slugs, **present)
        if current is not None:
            current = renamed.get(current, current)
            answers = answers.without(current)
        walk = cls(request, symptom, answers, current)
        if any(slug in symptom.check_slugs for slug in renamed.values()):
            raise Moved(walk.url_here)
        return walk

    def is_normal_for(self, request: HttpRequest) -> bool:
        """Return whether the address of the request says the same as the walk."""
        asked = parameters(request)
        return all(asked.getlist(name) == _parameter(getattr(self.answers, name)) for name in PARAMETERS) and (
            self.current is None or self.current in self.answers.checks
        )

    @cached_property
    def check(self) -> Check | None:
        """The check that the page is about."""
        return self.checks.get(self.current) if self.current else None

    @property
    def place(self) -> int | None:
        """The number of that check, from 1."""
        return self.answers.place(self.current) if self.current and self.current in self.checks else None

    @property
    def next_place(self) -> int | None:
        """The number of the first check without an answer, from 1; None when all have one."""
        return self.answers.place(self.answers.next) if self.answers.next else None

    @cached_property
    def url_here(self) -> str:
        """This page in normal form: the check's page, or the path asked for, with the answers in order."""
        if self.current is not None:
            return self.url_of(self.current) if self.current in self.checks else self.url_next
        return self.path + self.answers.query

    @property
    def url_next(self) -> str:
        """The page on which the walk goes on: the first check without an answer, or the contacts."""
        return self.url_of(self.answers.next) if self.answers.next else self.url_contact

    @cached_property
    def url_contact(self) -> str:
        """The page with the contacts, with the answers so far."""
        return self._url("contact") + self.answers.query

    @cached_property
    def url_guide(self) -> str:
        """The guide of the symptom."""
        return path_of("guide", self.symptom.guide.slug, mount=self.mount)

    @cached_property
    def url_symptom(self) -> str:
        """The symptom's page, where its walk begins."""
        return self._url("symptom")

    @property
    def url_all(self) -> str:
        """The page with all checks."""
        return self._url("all")

    def url_of(self, cause: str) -> str:
        """Return the page of a check, with the answers to all others."""
        return self._on(self.answers, cause)

    def _on(self, answers: Walk, cause: str) -> str:
        return self._url("check", cause) + answers.without(cause).query

    def answered(self, cause: str, answer: Answer) -> Walk:
        """Return the walk after an answer. Where nothing was asked, "not fixed" says all that "tried" would."""
        asked = cause in self.checks and self.checks[cause].cause.question
        if answer is Answer.NOT_FIXED and not asked:
            answer = Answer.NOT_THIS
        return self.answers.answered(cause, answer)

    def after(self, cause: str, answer: Answer) -> str:
        """Return the page that an answer leads to."""
        if answer is Answer.FIXED:
            return self.url_fixed(cause)
        if answer is Answer.APPLIES:
            return self.url_of(cause)
        answers = self.answered(cause, answer)
        return self._on(answers, answers.next) if answers.next else self._url("contact") + answers.query

    def url_fixed(self, cause: str) -> str:
        """Return the page that closes the walk with what helped."""
        return f"{self._url('fixed')}?by={cause}"

    def _url(self, name: str, *slugs: str) -> str:
        return path_of(name, self.symptom.guide.slug, self.symptom.slug, *slugs, mount=self.mount)

    @cached_property
    def steps(self) -> list[Step]:
        """All checks in order."""
        return [
            Step(check, check.cause.title, str(place), self._state(slug), self.url_of(slug))
            for place, (slug, check) in enumerate(self.checks.items(), start=1)
        ]

    def _state(self, slug: str) -> str:
        if slug == self.current:
            return "current"
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
        checks = [*([self.check] if self.check else []), *self.checks.values()]
        found = [check.cause.resolution.contact_point for check in checks]
        named = dict.fromkeys(contact for contact in found if contact is not None)
        return list(named or self.symptom.other_contacts)


def _parameter(slugs: tuple[str, ...]) -> list[str]:
    return [",".join(slugs)] if slugs else []
