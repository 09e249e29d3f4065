"""Extension points of the admin: what a package adds to admin pages of packages below it.

A package further up (reports, transfer) has something to show beside a record whose admin is further down and cannot
import it. It registers a function here, from its own `admin.py`; the admin pages collect what the functions return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from django.db.models import Model
from django.http import HttpRequest

_Arguments = ParamSpec("_Arguments")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class StaffLink:
    """A link to a page for staff; `help` is a sentence about its use."""

    text: str
    url: str
    help: str = ""


class ExtensionPoint(Generic[_Arguments, _Part]):
    """A list of functions, registered by using it as a decorator; their parts come in the order of installed apps."""

    def __init__(self) -> None:
        self._functions: list[Callable[_Arguments, Iterable[_Part]]] = []

    def __call__(self, function: Callable[_Arguments, Iterable[_Part]]) -> Callable[_Arguments, Iterable[_Part]]:
        self._functions.append(function)
        return function

    def collect(self, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> list[_Part]:
        """Return the parts of all registered functions."""
        return [part for function in self._functions for part in function(*args, **kwargs)]


# Links beside a stored record, in the row of History and Preview.
record_links: ExtensionPoint[[HttpRequest, Model], StaffLink] = ExtensionPoint()
# Links above the list of records of a model.
list_links: ExtensionPoint[[HttpRequest, type[Model]], StaffLink] = ExtensionPoint()
# Blocks of HTML above the form of a stored record. They stand outside the form, so they may hold one of their own.
record_panels: ExtensionPoint[[HttpRequest, Model], str] = ExtensionPoint()
# Links on the start page of the admin: only those that this user may follow.
index_links: ExtensionPoint[[HttpRequest], StaffLink] = ExtensionPoint()
# Blocks of HTML in the header of all pages of the admin: only what this user may use.
header_parts: ExtensionPoint[[HttpRequest], str] = ExtensionPoint()
