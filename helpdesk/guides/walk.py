"""A visitor's way through the checks of one symptom: pure, from the answers in the address to the position.

The address is user input. Nothing in it is trusted: answers are replayed against the symptom's checks as they are
now, what is unknown is dropped, what is in another order is put in order. (The idea of replaying an address instead
of keeping a session is that of GOV.UK's smart answers.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote


class Answer(StrEnum):
    """What a visitor may say of a check."""

    FIXED = "fixed"
    NOT_FIXED = "not-fixed"
    CANNOT_TRY = "cannot-try"


@dataclass(frozen=True, slots=True)
class Walk:
    """The checks of a symptom (cause slugs, in order) and what has been said of them, each in the checks' order."""

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
        """The check's number in the order, from 1; ValueError for one that is not the symptom's."""
        return self.checks.index(check) + 1

    def answered(self, check: str, answer: Answer) -> Walk:
        """The walk after an answer; a "fixed" ends it and is no part of the address."""
        walk = self.without(check)
        if answer is Answer.NOT_FIXED:
            return replay(self.checks, no=(*walk.no, check), skip=walk.skip)
        if answer is Answer.CANNOT_TRY:
            return replay(self.checks, no=walk.no, skip=(*walk.skip, check))
        return walk

    def without(self, check: str) -> Walk:
        """The walk before the check was answered: where "Change" leads, and where its page stands."""
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
    """The walk that these answers stand for, whatever they are: unknown ones dropped, each check once, in order.

    What was both tried and skipped was tried.
    """
    tried, skipped = set(no), set(skip)
    return Walk(
        checks=tuple(checks),
        no=tuple(check for check in checks if check in tried),
        skip=tuple(check for check in checks if check in skipped and check not in tried),
    )


def split(values: Iterable[str]) -> list[str]:
    """The slugs in the values of a parameter, "a,b" or repeated, in the order given and each once."""
    return list(dict.fromkeys(slug for value in values for slug in value.split(",") if slug))
