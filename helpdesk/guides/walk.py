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
    """An answer to the question of a check, or to its resolution."""

    NOT_THIS = "not-this"
    CANNOT_TELL = "cannot-tell"
    APPLIES = "applies"
    FIXED = "fixed"
    NOT_FIXED = "not-fixed"
    CANNOT_TRY = "cannot-try"


# Answers that rule a check out, and those that leave it open; after "applies" the walk stays, "fixed" ends it.
RULED_OUT = (Answer.NOT_THIS, Answer.NOT_FIXED)
LEFT_OPEN = (Answer.CANNOT_TELL, Answer.CANNOT_TRY)


@dataclass(frozen=True, slots=True)
class Walk:
    """The checks of a symptom (cause slugs, in order) and their answers, each in the order of the checks.

    `no` has those ruled out or tried without success, `skip` those left open. `tried` is the part of `no` that applied
    and whose fix did not help; checks without a question need not be named there.
    """

    checks: tuple[str, ...]
    no: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()

    @property
    def remaining(self) -> tuple[str, ...]:
        """The checks without an answer, in order."""
        return tuple(check for check in self.checks if check not in self.no and check not in self.skip)

    @property
    def next(self) -> str | None:
        """The first check without an answer; None when all have one."""
        return next(iter(self.remaining), None)

    @property
    def is_complete(self) -> bool:
        """True once every check was ruled out or tried."""
        return bool(self.checks) and len(self.no) == len(self.checks)

    def place(self, check: str) -> int:
        """Return the check's number in the order, from 1. Raises ValueError for one of another symptom."""
        return self.checks.index(check) + 1

    def last_answered(self, before: str | None = None) -> str | None:
        """Return the last check with an answer, of those before a check if one is given; None without any."""
        checks = self.checks[: self.checks.index(before)] if before in self.checks else self.checks
        return next((check for check in reversed(checks) if check not in self.remaining), None)

    def answered(self, check: str, answer: Answer) -> Walk:
        """Return the walk after an answer. "Applies" and "fixed" are no part of the address."""
        walk = self.without(check)
        return replay(
            self.checks,
            no=(*walk.no, check) if answer in RULED_OUT else walk.no,
            skip=(*walk.skip, check) if answer in LEFT_OPEN else walk.skip,
            tried=(*walk.tried, check) if answer is Answer.NOT_FIXED else walk.tried,
        )

    def without(self, check: str) -> Walk:
        """Return the walk before the check was answered: the target of "Change", and the state of the check's page."""
        no, skip, tried = ([slug for slug in slugs if slug != check] for slugs in (self.no, self.skip, self.tried))
        return replay(self.checks, no=no, skip=skip, tried=tried)

    @property
    def query(self) -> str:
        """The answers as the query part of an address, "?no=a,b&skip=c&tried=b", in normal form; "" without any."""
        parts = [
            f"{name}={','.join(quote(slug) for slug in slugs)}"
            for name, slugs in (("no", self.no), ("skip", self.skip), ("tried", self.tried))
            if slugs
        ]
        return "?" + "&".join(parts) if parts else ""


def replay(
    checks: Sequence[str], *, no: Iterable[str] = (), skip: Iterable[str] = (), tried: Iterable[str] = ()
) -> Walk:
    """Return the walk for these answers: unknown ones dropped, each check once, in order.

    A check that was both ruled out and skipped counts as ruled out.
    """
    ruled_out, skipped, without_success = set(no), set(skip), set(tried)
    return Walk(
        checks=tuple(checks),
        no=tuple(check for check in checks if check in ruled_out),
        skip=tuple(check for check in checks if check in skipped - ruled_out),
        tried=tuple(check for check in checks if check in without_success & ruled_out),
    )


def split(values: Iterable[str]) -> list[str]:
    """Return the slugs in the values of a parameter, "a,b" or repeated, in the order given and each once."""
    return list(dict.fromkeys(slug for value in values for slug in value.split(",") if slug))
