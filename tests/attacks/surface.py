"""What somebody outside can reach, read from the code itself: addresses, headers, parameters, forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.urls import get_resolver

import helpdesk
from helpdesk.web.urls import EARLY_HEADERS
from tests.accounts.test_every_admin_address import World, record_of, walk

_SOURCES = [file.read_text() for file in sorted(Path(helpdesk.__path__[0]).rglob("*.py"))]
_PARAMETER = re.compile(r"(?:GET|POST)(?:\.get(?:list)?\(|\[)\s*\"([^\"]+)\"|\"([a-z_]+)\" in request\.(?:GET|POST)")
_HEADER = re.compile(
    r"(?<!response\.)headers(?:\.get\(|\[)\s*[\"']([\w-]+)[\"']|\"([\w-]+)\" in request\.headers|HTTP_([A-Z_]+)"
)
# What Django itself and the admin read.
_OF_DJANGO = (
    "_popup",
    "_to_field",
    "_changelist_filters",
    "all",
    "e",
    "p",
    "o",
    "action",
    "_selected_action",
    "next",
    "term",
)
_HEADERS_OF_DJANGO = (
    "Host",
    "Cookie",
    "Referer",
    "X-CSRFToken",
    "X-Requested-With",
    "If-Match",
    "If-Modified-Since",
    "Accept-Language",
)
_HEADERS_OF_OTHERS = (
    "HX-Request",
    "HX-Current-URL",
    "HX-Target",
    "HX-Boosted",
    "HX-Prompt",
    "Range",
    "X-Forwarded-Host",
    "Forwarded",
)


def _found(pattern: re.Pattern[str]) -> set[str]:
    return {
        name
        for source in _SOURCES
        for match in pattern.finditer(source)
        if (name := "".join(filter(None, match.groups())))
    }


@cache
def parameters() -> list[str]:
    """The name of every parameter that the code reads from an address or a form."""
    return sorted(_found(_PARAMETER) | {*_OF_DJANGO, "no", "skip", "by", "via", "sent"})


@cache
def headers() -> list[str]:
    """The name of every header that the code reads, and of some that it must not heed."""
    return sorted(
        {name.replace("_", "-").title() for name in _found(_HEADER)}
        | {*EARLY_HEADERS, *_HEADERS_OF_DJANGO, *_HEADERS_OF_OTHERS}
    )


class Address(NamedTuple):
    """`path` is where it leads somewhere; in `pieces` each part that is an argument of the view is marked as such."""

    name: str
    path: str
    pieces: tuple[tuple[str, bool], ...]


def addresses(world: World) -> Iterator[Address]:
    """Every address of the URLconf, public and staff's, with records behind it."""
    world.arguments["name"] = world.public["images.image"].name
    for name, route in walk(get_resolver().url_patterns):
        path = world.path(route, record_of(world.public, route))
        yield Address(name, path, tuple(_pieces(route, path)))


def _pieces(route: str, path: str) -> Iterator[tuple[str, bool]]:
    """The parts of the path between its slashes, and whether each comes from an argument of the route."""
    fixed = {part for part in re.split(r"/", re.sub(r"[\^$\\]", "", route)) if not re.search(r"[<(]", part)}
    for part in path.split("/"):
        yield part, bool(part) and part not in fixed


class Form(NamedTuple):
    action: str
    fields: tuple[tuple[str, str], ...]


class FormFinder(HTMLParser):
    """The forms of a page that post, with the fields they send."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = (given.get("method") or "").lower() == "post"
            if self.inside:
                self.forms.append((given.get("action") or self.path, []))
        elif self.inside and tag in ("input", "select", "textarea", "button") and given.get("name"):
            self.forms[-1][1].append((given["name"] or "", given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False


def forms_of(path: str, page: str) -> list[Form]:
    finder = FormFinder(path)
    finder.feed(page)
    return [Form(action, tuple(fields)) for action, fields in finder.forms]
