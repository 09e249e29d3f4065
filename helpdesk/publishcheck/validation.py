"""The gate before visitors: nothing goes live with an error of the publish check, whichever way it is saved.

It looks at what is stored, after saving and inside the same transaction, so that it judges exactly what visitors would
get, rows below the record included. What it refuses is rolled back.

An error that was there before is no reason to refuse: who mends one of two faults on a public page must be able to
save that. So a page that is public already is measured by what the edit brings in, a page that goes live by all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.adminkit.html import record_link
from helpdesk.publishcheck.problems import Look, Problem, errors_of, public_from, records_of


class Unpublishable(ValidationError):
    """A record with errors that is or would be public; `problems` says which. Its messages link to where to mend."""

    def __init__(self, record: Model, problems: Iterable[Problem]) -> None:
        self.record = record
        self.problems = list(problems)
        super().__init__([ValidationError(told(problem, record), code=problem.rule) for problem in self.problems])


def refuse_unpublishable(
    record: Model, at: datetime | None = None, *, known: Collection[tuple] = (), look: Look | None = None
) -> None:
    """Raises Unpublishable with all errors of a stored record that is public or will be; with `at`, as if from then.

    To be called after saving, inside the transaction. `known` is what `known_errors` said before the change. A record
    that is not for visitors may have any errors. Costs a fixed number of queries, about a dozen; who has saved many
    records and asks for each hands over one `Look`, or compares `public_errors` from before and after.
    """
    errors = [problem for problem in errors_now(record, at, look=look) if problem.key not in known]
    if errors:
        raise Unpublishable(record, errors)


def known_errors(record: Model) -> frozenset[tuple]:
    """The errors that a stored record is public with already, to be handed to `refuse_unpublishable` after a change."""
    return frozenset(problem.key for problem in errors_now(record))


def errors_now(record: Model, at: datetime | None = None, *, look: Look | None = None) -> list[Problem]:
    """The errors of a record as it is stored, none while it is not for visitors; with `at`, as if public from then."""
    stored = records_of(type(record)).filter(pk=record.pk).first() if record.pk else None
    if stored is None:
        return []
    moment = at or public_from(stored)
    return errors_of(stored, at=moment, look=look) if moment else []


def told(problem: Problem, page: Model | None = None) -> str:
    """The problem in words, with a link to the record to mend where that is not the page itself."""
    if problem.record == page or problem.record.pk is None:
        return problem.text
    name = _("%(kind)s “%(name)s”") % {
        "kind": capfirst(str(problem.record._meta.verbose_name)),
        "name": str(problem.record),
    }
    return format_html("{}: {}", record_link(problem.record, name), problem.text)
