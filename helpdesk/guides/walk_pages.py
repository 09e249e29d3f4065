"""Pages of a walk and their addresses: where each answer leads, and where the walk came from."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import cached_property

from helpdesk.guides.models import Check, Symptom
from helpdesk.guides.walk import Answer, Walk
from helpdesk.web.urls import mount_of, path_of

# Names of the pages of a walk that are about no check.
WITHOUT_CHECK = ("symptom", "all", "fixed", "found", "contact")


class WalkPages:
    """A symptom, the visitor's answers, the `current` check, if the page is about one, and the cause that was found."""

    def __init__(
        self,
        request: HttpRequest,
        symptom: Symptom,
        answers: Walk,
        current: str | None = None,
        found: str | None = None,
    ) -> None:
        self.path, self.mount = request.path, mount_of(request)
        self.url_name: str = getattr(request.resolver_match, "url_name", "")
        self.is_fix = self.url_name == "fix"
        self.symptom = symptom
        self.answers = answers
        self.current = current
        self.found = found

    @cached_property
    def checks(self) -> dict[str, Check]:
        """The symptom's checks in order, by the slugs of their causes."""
        return {check.cause.slug: check for check in self.symptom.checks_in_order}

    @cached_property
    def check(self) -> Check | None:
        """The check that the page is about."""
        return self.checks.get(self.current) if self.current else None

    @cached_property
    def found_check(self) -> Check | None:
        """The check of the cause that was found."""
        return self.checks.get(self.found) if self.found else None

    @property
    def subject(self) -> Check | None:
        """The check that the page is about, or the one that ended the walk."""
        return self.check or self.found_check

    def asks(self, cause: str) -> bool:
        """Return whether the check of a cause is a question."""
        return cause in self.checks and bool(self.checks[cause].cause.question)

    @property
    def is_single(self) -> bool:
        """True where the symptom has one check."""
        return len(self.checks) == 1

    @property
    def goes_on(self) -> bool:
        """True where other checks are open."""
        return any(slug != self.current for slug in self.answers.remaining)

    def answered(self, cause: str, answer: Answer) -> Walk:
        """Return the walk after an answer. "Tried" is left out where it would say nothing more."""
        if answer is Answer.NOT_FIXED and not self.checks[cause].cause.offers_fix_after_yes:
            answer = Answer.NOT_THIS
        return self.answers.answered(cause, answer)

    def after(self, cause: str, answer: Answer) -> str:
        """Return the page that an answer leads to."""
        if answer is Answer.FIXED:
            return self.url_fixed(cause)
        if answer is Answer.APPLIES:
            return self.url_fix(cause) if self.asks(cause) else self.url_of(cause)
        answers = self.answered(cause, answer)
        return self._on(answers, answers.next) if answers.next else self._url("contact") + answers.query

    @cached_property
    def url_here(self) -> str:
        """This page in normal form: that of the check or its fix, or the page asked for, with the answers in order."""
        if self.current is None:
            return (self._url(self.url_name) if self.url_name in WITHOUT_CHECK else self.path) + self._query(self.found)
        if self.current not in self.checks:
            return self.url_next
        return self.url_fix(self.current) if self.is_fix and self.asks(self.current) else self.url_question

    @property
    def url_next(self) -> str:
        """The page on which the walk goes on: the first check without an answer, or the contacts."""
        return self.url_of(self.answers.next) if self.answers.next else self.url_contact

    @cached_property
    def url_contact(self) -> str:
        """The page with the contacts, with the answers so far and the cause that was found."""
        return self._url("contact") + self._query(self.current if self.is_fix else self.found)

    @cached_property
    def url_back(self) -> str:
        """The page before this one: the check answered last, or the symptom."""
        before = self.answers.last_answered(self.current)
        return self.url_of(before) if before else self.url_symptom

    @property
    def url_before_end(self) -> str:
        """The page before the end of the walk: that of the cause that was found, else of the check answered last."""
        return self.after(self.found, Answer.APPLIES) if self.found else self.url_back

    @property
    def url_question(self) -> str:
        """The page of the check that this page is about."""
        return self.url_of(self.current or "")

    @cached_property
    def url_hand_off(self) -> str:
        """The contacts, with the answers so far and the cause that this page is about."""
        return self._url("contact") + self._query(self.subject.cause.slug if self.subject else None)

    @property
    def url_found(self) -> str:
        """The page with what happens now, by the cause that this page is about: the address to come back to."""
        return f"{self._url('found')}?by={self.subject.cause.slug}" if self.subject else self.url_symptom

    @property
    def url_reminder(self) -> str:
        """The calendar file for coming back."""
        return self._url("reminder", self.subject.cause.slug) if self.subject else ""

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

    def url_fix(self, cause: str) -> str:
        """Return the page with what to do about a cause, with the answers to the other checks."""
        return self._url("fix", cause) + self.answers.without(cause).query

    def url_fixed(self, cause: str) -> str:
        """Return the page that closes the walk with what helped."""
        return f"{self._url('fixed')}?by={cause}"

    def _query(self, found: str | None) -> str:
        query = self.answers.query
        return f"{query}{'&' if query else '?'}by={found}" if found else query

    def _url(self, name: str, *slugs: str) -> str:
        return path_of(name, self.symptom.guide.slug, self.symptom.slug, *slugs, mount=self.mount)
