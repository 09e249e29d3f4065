"""The publish check: what is wrong with a record, asked for in one place, whoever wants to know.

Each part of the portal knows the rules for its own records and registers them here. Admin forms, bulk actions, imports,
`manage.py check_content`, the work list and the map of a guide all ask `problems_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import Model


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


# Gives the problems of a record as it stands in memory, saved or not, as if it were public from a moment (None: now).
Rules = Callable[[Any, datetime | None], Iterable[Problem]]

_rules: dict[type[Model], list[Rules]] = {}

_Function = TypeVar("_Function", bound=Callable)


def rules_for(*models: type[Model]) -> Callable[[_Function], _Function]:
    """Registers a function with rules for records of these models."""

    def register(function: _Function) -> _Function:
        for model in models:
            _rules.setdefault(model, []).append(function)
        return function

    return register


def checked_models() -> list[type[Model]]:
    """The models that there are rules for."""
    return list(_rules)


def problems_of(record: Model, *, at: datetime | None = None) -> list[Problem]:
    """What is wrong with a record and what belongs to it, as if it were public from a moment on; errors first."""
    return sorted(_found(record, at), key=lambda problem: problem.severity)


def errors_of(record: Model, *, at: datetime | None = None) -> list[Problem]:
    """Only what keeps the record from being public."""
    return [problem for problem in problems_of(record, at=at) if problem.severity is Severity.ERROR]


def _found(record: Model, at: datetime | None) -> Iterator[Problem]:
    for function in _rules.get(type(record), ()):
        yield from function(record, at)
