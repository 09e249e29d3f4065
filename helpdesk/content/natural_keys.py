"""Decorator that declares which models a `natural_key` refers to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Method = TypeVar("_Method", bound=Callable[..., tuple[object, ...]])


def depends_on(*models: str) -> Callable[[_Method], _Method]:
    """Declare the models ("guides.guide") that `natural_key` refers to; see Django's serialization of natural keys."""

    def declare(method: _Method) -> _Method:
        method.__dict__["dependencies"] = list(models)
        return method

    return declare
