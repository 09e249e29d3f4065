"""Rules of the publish check: their registry, and the one evaluation that all callers share.

What all content shares is checked for every kind in the registry of content kinds. Each package registers further rules
for its own records. Admin forms, bulk actions, imports, `manage.py check_content`, the
work list and the map of a guide call `problems_of`, which judges a record for the moment at which it goes live.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from helpdesk.content.kinds import all_kinds
from helpdesk.content.publishing import Publishable, State
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, Severity

# Yields the problems of a record as it stands in memory, saved or not.
Rule = Callable[[Any, CheckContext], Iterable[Problem]]
# Returns all records of a model, with everything loaded that the rules read of them.
RecordLoader = Callable[[], QuerySet[Any]]
# Returns the moment from which visitors read a record, past or to come; None while they do not and will not.
PublicFrom = Callable[[Any], datetime | None]

_rules: dict[type[Model], list[Rule]] = {}
_common_rules: list[Rule] = []
_loaders: dict[type[Model], RecordLoader] = {}
_public_from: dict[type[Model], PublicFrom] = {}

_Rule = TypeVar("_Rule", bound=Rule)
_Record = TypeVar("_Record", bound=Model)


def rules_for(*models: type[Model]) -> Callable[[_Rule], _Rule]:
    """Decorate a function that yields the problems of records of these models."""

    def register(rule: _Rule) -> _Rule:
        for model in models:
            _rules.setdefault(model, []).append(rule)
        return rule

    return register


def load_for_check(
    model: type[Model], records: RecordLoader | None = None, public_from: PublicFrom | None = None
) -> None:
    """Register how records of a model are loaded, and from when they are public.

    By default records are loaded as they are, and a page's own moments decide.
    """
    if records is not None:
        _loaders[model] = records
    if public_from is not None:
        _public_from[model] = public_from


def common_rule(rule: _Rule) -> _Rule:
    """Decorate a function that yields the problems of any record, by what it has."""
    _common_rules.append(rule)
    return rule


def checked_models() -> list[type[Model]]:
    """Return the models that are checked: content with texts or a public life, and what else has rules."""
    content = (kind.model for kind in all_kinds() if kind.markdown_fields or kind.is_publishable)
    return list(dict.fromkeys((*content, *_rules)))


def records_of(model: type[_Record]) -> QuerySet[_Record]:
    """Return all records of a model with what its rules read, in a fixed number of queries."""
    load = _loaders.get(model)
    return load() if load else model._default_manager.all()


def stored_record(record: _Record) -> _Record | None:
    """Return the record as it is stored, with what its rules read; None for one that is not stored."""
    return records_of(type(record)).filter(pk=record.pk).first() if record.pk else None


def public_from(record: Model) -> datetime | None:
    """Return the moment from which visitors read a record, past or to come; None while it is not for them."""
    decide = _public_from.get(type(record), own_moment)
    return decide(record) if record.pk else own_moment(record)


def own_moment(record: Model) -> datetime | None:
    """Return when a page itself is published; None for drafts, archived pages, and records that are no page."""
    if not isinstance(record, Publishable) or record.state in (State.DRAFT, State.ARCHIVED):
        return None
    return record.publish_at


def is_archived(record: Model) -> bool:
    return isinstance(record, Publishable) and record.state == State.ARCHIVED


def problems_of(record: Model, context: CheckContext | None = None) -> list[Problem]:
    """Return what is wrong with a record and what belongs to it, errors first, each problem once.

    The record is judged for the moment at which it goes live, or as if it were public from now on where it has none.
    """
    context = (context or CheckContext()).not_before(public_from(record))
    found = {problem.key: problem for problem in apply_rules(record, context)}
    return sorted(found.values(), key=lambda problem: problem.severity)


def errors_of(record: Model, context: CheckContext | None = None) -> list[Problem]:
    """Return only what keeps the record from being public."""
    found = problems_of(record, context or CheckContext(errors_only=True))
    return [problem for problem in found if problem.severity is Severity.ERROR]


def apply_rules(record: Model, context: CheckContext) -> Iterator[Problem]:
    """Yield the problems of a record for the moment of the context; a problem may come several times.

    Rules call it for the records that a page shows.
    """
    for rule in (*_rules.get(type(record), ()), *_common_rules):
        yield from rule(record, context)
