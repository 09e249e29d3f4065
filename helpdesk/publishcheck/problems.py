"""The publish check: what is wrong with a record, asked for in one place, whoever wants to know.

Each part of the portal knows the rules for its own records and registers them here. Admin forms, bulk actions, imports,
`manage.py check_content`, the work list and the map of a guide all ask `problems_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from helpdesk.content.publishing import Publishable, State


class Severity(StrEnum):
    """Whether a problem keeps a page from being public."""

    ERROR = "error"  # it does
    WARNING = "warning"  # it does not; somebody should look at it


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: which rule, in plain words, on which record and in which of its fields."""

    rule: str  # a short name that stays the same, such as "dead-link"
    text: str  # a sentence for the editor: what is wrong and what to do
    record: Model  # where it has to be put right: a guide's problem may be one of its causes'
    field: str = ""
    severity: Severity = Severity.ERROR

    @property
    def key(self) -> tuple[str, str, Any, str, str]:
        """The same for the same problem, found at another time or on another page."""
        return (self.rule, self.record._meta.label, self.record.pk, self.field, self.text)


# Gives the problems of a record as it stands in memory, saved or not, as if it were public from a moment (None: now).
Rules = Callable[[Any, datetime | None], Iterable[Problem]]
# Gives all records of a model, with everything loaded that the rules read of them.
Records = Callable[[], QuerySet]
# Gives the moment from which visitors read a record, past or to come; None while they do not and will not.
PublicFrom = Callable[[Any], datetime | None]

_rules: dict[type[Model], list[Rules]] = {}
_records: dict[type[Model], Records] = {}
_public_from: dict[type[Model], PublicFrom] = {}

_Function = TypeVar("_Function", bound=Callable)
_Value = TypeVar("_Value")


def rules_for(
    *models: type[Model], records: Records | None = None, public_from: PublicFrom | None = None
) -> Callable[[_Function], _Function]:
    """Registers a function with rules for records of these models.

    `records` and `public_from` say how they are loaded, and when visitors read one; where they are missing, records
    are loaded as they are, and a page's own moments decide.
    """

    def register(function: _Function) -> _Function:
        for model in models:
            _rules.setdefault(model, []).append(function)
            if records is not None:
                _records[model] = records
            if public_from is not None:
                _public_from[model] = public_from
        return function

    return register


def checked_models() -> list[type[Model]]:
    """The models that there are rules for."""
    return list(_rules)


def records_of(model: type[Model]) -> QuerySet:
    """All records of a model with what its rules read, in a fixed number of queries."""
    load = _records.get(model)
    return load() if load else model._default_manager.all()


def public_from(record: Model) -> datetime | None:
    """The moment from which visitors read this record, in the past or to come; None while it is not for them."""
    decide = _public_from.get(type(record))
    return decide(record) if decide else own_moment(record)


def own_moment(record: Model) -> datetime | None:
    """When a page itself was or will be published; None for drafts, archived pages, and what is no page."""
    if not isinstance(record, Publishable) or record.state in (State.DRAFT, State.ARCHIVED):
        return None
    return record.publish_at


def problems_of(record: Model, *, at: datetime | None = None, look: Look | None = None) -> list[Problem]:
    """What is wrong with a record and what belongs to it, as if it were public from a moment on; errors first.

    A moment that is past counts as now: what was wrong then is nobody's trouble any more. Each problem is named once.
    Whoever asks for many records hands over one `Look` for all of them.
    """
    if at is not None and at <= timezone.now():
        at = None
    token = _look.set(look or _look.get() or Look())
    try:
        found = {problem.key: problem for problem in _found(record, at)}
    finally:
        _look.reset(token)
    return sorted(found.values(), key=lambda problem: problem.severity)


def errors_of(record: Model, *, at: datetime | None = None, look: Look | None = None) -> list[Problem]:
    """Only what keeps the record from being public."""
    look = look or _look.get() or Look(errors_only=True)
    return [problem for problem in problems_of(record, at=at, look=look) if problem.severity is Severity.ERROR]


def _found(record: Model, at: datetime | None) -> Iterator[Problem]:
    for function in _rules.get(type(record), ()):
        yield from function(record, at)


class Look:
    """What the rules know of the whole portal, such as its addresses: read once, for as long as one check takes.

    With `whole`, every record is checked on its own anyway, so none has to answer for others with a page of their own.
    With `errors_only`, rules that only warn need not read the texts.
    """

    def __init__(self, *, whole: bool = False, errors_only: bool = False) -> None:
        self.kept: dict[Callable, Any] = {}
        self.whole = whole
        self.errors_only = errors_only


_look: ContextVar[Look | None] = ContextVar("publish_check", default=None)


def pages_answer_for_themselves() -> bool:
    """Whether this check looks at each page on its own, so that a guide need not repeat what its situations say."""
    look = _look.get()
    return look is not None and look.whole


def warnings_are_wanted() -> bool:
    """Whether this check asks for warnings as well."""
    look = _look.get()
    return look is None or not look.errors_only


def once_a_look(function: Callable[[], _Value]) -> Callable[[], _Value]:
    """The function, asked only once in each check."""

    @wraps(function)
    def kept() -> _Value:
        look = _look.get()
        if look is None:
            return function()
        if kept not in look.kept:
            look.kept[kept] = function()
        return look.kept[kept]

    return kept
