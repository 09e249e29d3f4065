"""What parts of the portal add to the admin pages of others.

A part further up (insights, bundles) has something to show beside a record whose admin is further down and cannot know
of it. It says so here, from its own `admin.py`; the admin pages ask here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page for staff; `help` says in a sentence what it is good for."""

    text: str
    url: str
    help: str = ""


# Links beside a stored record, in the row of History and Preview.
Tools = Callable[[HttpRequest, Model], Iterable[Link]]
# A block above the form of a stored record; empty where there is nothing to say. It stands outside the form, so it may
# hold one of its own.
Panel = Callable[[HttpRequest, Model], SafeString | str]
# Links on the start page of the admin: only those that this user may follow.
IndexLinks = Callable[[HttpRequest], Iterable[Link]]

# Links above the list of records of a model.
ListTools = Callable[[HttpRequest, type[Model]], Iterable[Link]]

_tools: list[Tools] = []
_list_tools: list[ListTools] = []
_panels: list[Panel] = []
_index_links: list[IndexLinks] = []

_Function = TypeVar("_Function", bound=Callable)


def record_tools(function: _Function) -> _Function:
    """Registers a function that gives the tools of a record."""
    _tools.append(function)
    return function


def list_tools(function: _Function) -> _Function:
    """Registers a function that gives links above a list of records."""
    _list_tools.append(function)
    return function


def record_panel(function: _Function) -> _Function:
    """Registers a function that gives a block above a record's fields."""
    _panels.append(function)
    return function


def index_links(function: _Function) -> _Function:
    """Registers a function that gives links for the start page."""
    _index_links.append(function)
    return function


def tools_of(request: HttpRequest, record: Model) -> list[Link]:
    """All tools of a stored record, in the order in which the parts are installed."""
    return [link for function in _tools for link in function(request, record)]


def tools_of_list(request: HttpRequest, model: type[Model]) -> list[Link]:
    """All links above the list of a model's records."""
    return [link for function in _list_tools for link in function(request, model)]


def panels_of(request: HttpRequest, record: Model) -> list[SafeString | str]:
    """All blocks above a stored record's fields that have something to say."""
    return [panel for function in _panels if (panel := function(request, record))]


def links_on_index(request: HttpRequest) -> list[Link]:
    """All links of the start page."""
    return [link for function in _index_links for link in function(request)]
