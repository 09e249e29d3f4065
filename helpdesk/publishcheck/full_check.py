"""The publish check over all content at once: for the command, for cron and CI, and for its page in the admin."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from helpdesk.adminkit.progress import Step
from helpdesk.content.publishing import Publishable, State
from helpdesk.publishcheck.problems import (
    Look,
    Problem,
    Severity,
    checked_models,
    problems_of,
    public_from,
    records_of,
)

# A step is reported after so many records.
PORTION = 50


@dataclass(slots=True)
class Finding:
    """All problems that have to be put right in one record, and whether visitors are or will be troubled by them."""

    record: Model
    problems: list[Problem] = field(default_factory=list)
    public: bool = False

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.severity is Severity.ERROR]


@dataclass(frozen=True, slots=True)
class Report:
    """What a check over everything has found, records with errors on public pages first."""

    findings: list[Finding]
    records: int

    def count(self, severity: Severity, *, public: bool | None = None) -> int:
        """How many problems of this severity there are; only public ones, or only others."""
        chosen = (finding for finding in self.findings if public is None or finding.public is public)
        return sum(problem.severity is severity for finding in chosen for problem in finding.problems)


def check_everything(
    *, warnings: bool = True, drafts: bool = False, models: Collection[type[Model]] | None = None
) -> Generator[Step, None, Report]:
    """Checks all records that are or will be public, and `drafts` if wanted; yields steps and returns the report.

    A problem is reported once, with the record to put it right in, however many pages show it. Archived pages are left
    alone. With `models`, other records are neither checked nor named. The number of queries is fixed, whatever the
    amount of content.
    """
    chosen = [model for model in checked_models() if models is None or model in models]
    total = sum(model._default_manager.count() for model in chosen)
    look, done = Look(whole=True, errors_only=not warnings), 0
    found: dict[tuple[str, Any], Finding] = {}
    for model in chosen:
        for record in records_of(model):
            if done % PORTION == 0:
                yield Step(done, total, str(model._meta.verbose_name_plural))
            done += 1
            moment = public_from(record)
            if moment is None and (not drafts or is_archived(record)):
                continue
            for problem in problems_of(record, at=moment, look=look):
                wanted = warnings or problem.severity is Severity.ERROR
                if wanted and type(problem.record) in chosen:
                    note(found, problem, public=moment is not None)
    return Report(in_order(found), done)


def public_errors() -> dict[tuple, Problem]:
    """All errors on what is or will be public, by their keys, in a fixed number of queries.

    For imports: what is here after the last record is saved, and was not before the first, is what they brought in.
    """
    work = check_everything(warnings=False)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return {
                problem.key: problem for finding in end.value.findings if finding.public for problem in finding.errors
            }


def is_archived(record: Model) -> bool:
    return isinstance(record, Publishable) and record.state == State.ARCHIVED


def note(found: dict[tuple[str, Any], Finding], problem: Problem, *, public: bool) -> None:
    """Adds the problem to those of its record, once."""
    key = (problem.record._meta.label, problem.record.pk)
    finding = found.setdefault(key, Finding(problem.record))
    finding.public = finding.public or public
    if all(problem.key != known.key for known in finding.problems):
        finding.problems.append(problem)


def in_order(found: dict[tuple[str, Any], Finding]) -> list[Finding]:
    """Errors on public pages, errors elsewhere, then warnings; within these in the order of the models and records."""
    for finding in found.values():
        finding.problems.sort(key=lambda problem: problem.severity)
    return sorted(found.values(), key=lambda finding: (not finding.errors, not finding.public))
