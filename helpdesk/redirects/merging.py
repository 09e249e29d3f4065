"""Merging one page into another: each part of the portal says what of its own moves over, and registers that here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Model

# Moves what belongs to the first page to the second; raises ValidationError, in a sentence, where that cannot be.
Move = Callable[[Any, Any], None]

_moves: dict[type[Model], list[Move]] = {}

_Function = TypeVar("_Function", bound=Move)


def moves_with(model: type[Model]) -> Callable[[_Function], _Function]:
    """Registers a function that has a part in merging pages of this kind."""

    def register(function: _Function) -> _Function:
        _moves.setdefault(model, []).append(function)
        return function

    return register


def merge(page: Model, into: Model) -> None:
    """Moves to another page of the same kind all that moves. To be called in a transaction; raises ValidationError."""
    for move in _moves.get(type(page), ()):
        move(page, into)


def joined(words: str, more: str) -> str:
    """Keywords of two pages in one line, each once."""
    known: dict[str, str] = {}
    for word in f"{words},{more}".split(","):
        if word.strip():
            known.setdefault(word.strip().casefold(), word.strip())
    return ", ".join(known.values())
