"""The walk through the checks of one symptom, computed from the answers in an address. No request, no database.

The address is user input: the answers are replayed against today's checks, unknown ones are dropped.
(GOV.UK's smart answers replay an address instead of keeping a session in the same way.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Answer(StrEnum):
    """An answer to a check."""

    FIXED = "fixed"
    NOT_FIXED = "not-fixed"
    CANNOT_TRY = "cannot-try"


@dataclass(frozen=True, slots=True)
class Walk:
    """The checks of a symptom (cause slugs, in order) and their answers, each in the order of the checks."""

    checks: tuple[str, ...]
    no: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    @property
    def remaining(self) -> tuple[str, ...]:
        """The checks without an answer, in order."""
        return tuple(check for check in self.checks if check not in self.no and check not in self.skip)

    @property
    def next(self) -> str | None:
        """The first check without an answer; None when all have one."""
        return next(iter(self.remaining), None)

    def place(self, check: str) -> int:
        """Return the check's number in the order, from 1. Raises ValueError for one of another symptom."""
        return self.checks.index(check) + 1

    def answered(self, check: str, answer: Answer) -> Walk:
        """Return the walk after an answer. "Fixed" ends it and is no part of the address."""
        walk = self.without(check)
        if answer is Answer.NOT_FIXED:
            return replay(self.checks, no=(*walk.no, check), skip=walk.skip)
        if answer is Answer.CANNOT_TRY:
            return replay(self.checks, no=walk.no, skip=(*walk.skip, check))
        return walk

    def without(self, check: str) -> Walk:
        """Return the walk before the check was answered: the target of "Change", and the state of the check's page."""
        return replay(
            self.checks,
            no=(slug for slug in self.no if slug != check),
            skip=(slug for slug in self.skip if slug != check),
        )

    @property
    def query(self) -> str:
        """The answers as the query part of an address, "?no=a,b&skip=c", in normal form; "" without answers."""
        parts = [
            f"{name}={','.join(quote(slug) for slug in slugs)}"
            for name, slugs in (("no", self.no), ("skip", self.skip))
            if slugs
        ]
        return "?" + "&".join(parts) if parts else ""


def replay(checks: Sequence[str], *, no: Iterable[str] = (), skip: Iterable[str] = ()) -> Walk:
    """Return the walk for these answers: unknown ones dropped, each check once, in order.

    A check that was both tried and skipped counts as tried.
    """
    tried, skipped = set(no), set(skip)
    return Walk(
        checks=tuple(checks),
        no=tuple(check for check in checks if check in tried),
        skip=tuple(check for check in checks if check in skipped and check not in tried),
    )


def split(values: Iterable[str]) -> list[str]:
    """Return the slugs in the values of a parameter, "a,b" or repeated, in the order given and each once."""
    return list(dict.fromkeys(slug for value in values for slug in value.split(",") if slug))
