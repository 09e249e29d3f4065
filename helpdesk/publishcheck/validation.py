"""Validation after saving: a record that is or would be public must have no error of the publish check.

It looks at what is stored, after saving and inside the same transaction, so that it judges exactly what visitors would
get, rows below the record included. What it refuses is rolled back.

An error that was there before is no reason to refuse: an editor who corrects one of two errors on a public page must
be able to save that. So a page that is public already is measured by what the edit brings in, a page that goes live by
all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html

from helpdesk.adminkit.html import record_link, record_text
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemKey
from helpdesk.publishcheck.rules import errors_of, public_from, stored_record


class UnpublishableError(ValidationError):
    """A record with errors that is or would be public. Its messages link to the records to correct."""

    def __init__(self, record: Model, problems: Iterable[Problem]) -> None:
        self.record = record
        self.problems = list(problems)
        messages = [ValidationError(problem_html(one, record), code=one.rule) for one in self.problems]
        super().__init__(messages)


def validate_publishable(record: Model, *, known: Collection[ProblemKey] = ()) -> None:
    """Raise UnpublishableError with all errors of a stored record that is or will be public.

    To be called after saving, inside the transaction. `known` is what `known_errors` returned before the change. A
    record that is not for visitors may have any errors. Costs a fixed number of queries, about a dozen.
    """
    errors = [problem for problem in errors_as_stored(record) if problem.key not in known]
    if errors:
        raise UnpublishableError(record, errors)


def known_errors(record: Model) -> frozenset[ProblemKey]:
    """Return the errors that a stored record is public with already, for `validate_publishable` after a change."""
    return frozenset(problem.key for problem in errors_as_stored(record))


def errors_as_stored(record: Model, context: CheckContext | None = None) -> list[Problem]:
    """Return the errors of a record as it is stored, none while it is not for visitors."""
    stored = stored_record(record)
    return errors_of(stored, context) if stored is not None and public_from(stored) else []


def problem_html(problem: Problem, page: Model | None = None) -> str:
    """Return the problem in words, with a link to the record to correct where that is not the page itself."""
    if problem.record == page or problem.record.pk is None:
        return problem.text
    return format_html("{}: {}", record_link(problem.record, record_text(problem.record)), problem.text)
