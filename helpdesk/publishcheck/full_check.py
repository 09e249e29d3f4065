"""Publish check over all content at once: for the command, for cron and CI, and for its page in the admin."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass, field

from django.db.models import Model

from helpdesk.adminkit.progress import ProgressStep
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, Severity
from helpdesk.publishcheck.rules import checked_models, is_archived, problems_of, public_from, records_of

# A step is reported after so many records.
BATCH_SIZE = 50


@dataclass(slots=True)
class RecordProblems:
    """Problems that have to be corrected in one record; `public` where they are or will be on a public page."""

    record: Model
    problems: list[Problem] = field(default_factory=list)
    public: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]

    def add(self, problem: Problem, *, public: bool) -> None:
        self.public = self.public or public
        if all(problem.key != known.key for known in self.problems):
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Result of a full check, records with errors on public pages first, and the number of records looked at."""

    found: list[RecordProblems]
    records: int

    def count(self, severity: Severity, *, public: bool | None = None) -> int:
        """Count the problems of a severity; only public ones, or only others."""
        chosen = (one for one in self.found if public is None or one.public is public)
        return sum(problem.severity is severity for one in chosen for problem in one.problems)


def check_everything(
    *, warnings: bool = True, drafts: bool = False, models: Collection[type[Model]] | None = None
) -> Generator[ProgressStep, None, CheckReport]:
    """Check all records that are or will be public, and `drafts` if wanted; yields steps and returns the report.

    A problem is reported once, with the record to correct it in, however many pages show it. Archived pages are left
    alone. With `models`, other records are neither checked nor named. The number of queries is fixed, whatever the
    amount of content.
    """
    chosen = [model for model in checked_models() if models is None or model in models]
    total = sum(model._default_manager.count() for model in chosen)
    context, done = CheckContext(every_page=True, errors_only=not warnings), 0
    found: dict[tuple[str, object], RecordProblems] = {}
    for model in chosen:
        for record in records_of(model):
            if done % BATCH_SIZE == 0:
                yield ProgressStep(done, total, str(model._meta.verbose_name_plural))
            done += 1
            public = public_from(record) is not None
            if not public and (not drafts or is_archived(record)):
                continue
            for problem in problems_of(record, context):
                if (warnings or problem.severity is Severity.ERROR) and type(problem.record) in chosen:
                    key = (problem.record._meta.label, problem.record.pk)
                    found.setdefault(key, RecordProblems(problem.record)).add(problem, public=public)
    return CheckReport(worst_first(found.values()), done)


def worst_first(found: Collection[RecordProblems]) -> list[RecordProblems]:
    """Sort by errors on public pages, errors elsewhere, then warnings; within these as the records came."""
    for one in found:
        one.problems.sort(key=lambda problem: problem.severity)
    return sorted(found, key=lambda one: (not one.errors, not one.public))
