"""Merging of one page into another. Packages register functions that move what they keep about a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model

# Moves what belongs to the first page to the second; raises ValidationError where that cannot be.
Move = Callable[[Any, Any], None]

_moves: dict[type[Model], list[Move]] = {}

_Function = TypeVar("_Function", bound=Move)


def moves_with(model: type[Model]) -> Callable[[_Function], _Function]:
    """Register a function that takes part in merging pages of this model."""

    def register(function: _Function) -> _Function:
        _moves.setdefault(model, []).append(function)
        return function

    return register


def merge(page: Model, into: Model) -> None:
    """Move what belongs to a page to another page of its kind, inside a transaction. Raises ValidationError."""
    for move in _moves.get(type(page), ()):
        move(page, into)


def joined(words: str, more: str) -> str:
    """Return the keywords of two pages in one line, each once."""
    known: dict[str, str] = {}
    for word in f"{words},{more}".split(","):
        if word.strip():
            known.setdefault(word.strip().casefold(), word.strip())
    return ", ".join(known.values())
