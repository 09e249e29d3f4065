"""Context of one evaluation of the publish check: the moment it judges for, its options, and a cache for its rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import wraps
from typing import Self, TypeVar, cast

from django.utils import timezone

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class CheckContext:
    """Moment, options and cache of an evaluation; share one between many records.

    `moment` is when the record goes live: `problems_of` moves it there from now. With `every_page`, each record is
    checked by itself, so that a guide need not repeat what its situations report. With `errors_only`, rules that only
    warn need not read the texts. The pages with the help numbers in `public_with` count as public.
    """

    moment: datetime = field(default_factory=timezone.now)
    every_page: bool = False
    errors_only: bool = False
    public_with: frozenset[int] = frozenset()
    _cache: dict[Hashable, object] = field(default_factory=dict)

    def not_before(self, moment: datetime | None) -> Self:
        """Return the context for a moment; a moment in the past counts as now."""
        return replace(self, moment=moment) if moment and moment > self.moment else self

    def along_with(self, *numbers: int) -> Self:
        """Return the context in which the pages with these help numbers count as public, too."""
        return replace(self, public_with=self.public_with.union(numbers))

    def cached(self, key: Hashable, load: Callable[[], _Value]) -> _Value:
        """Return the value under a key, loaded once for all evaluations that share the context."""
        if key not in self._cache:
            self._cache[key] = load()
        return cast(_Value, self._cache[key])


def cached_per_context(load: Callable[[], _Value]) -> Callable[[CheckContext], _Value]:
    """Decorate a function without arguments, so that it takes a context and is called once for it."""

    @wraps(load)
    def cached(context: CheckContext) -> _Value:
        return context.cached(load, load)

    return cached
