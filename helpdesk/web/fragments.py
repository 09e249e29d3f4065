"""Rendered templates, kept under everything that they show.

A public page is shown from values: its records as they are stored, the walk in its address, the names of the portal.
Where all of them are the same as before, so is the page, and rendering it again would only cost. A change of any value
makes another key, so nothing here can be out of date; what is not asked for any more makes room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from http import HTTPStatus
from threading import Lock
from types import NoneType, SimpleNamespace
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_anew
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from helpdesk.content.publishing import in_preview
from helpdesk.web.context import portal

# Together, in each process; texts count with their keys.
MOST_CHARACTERS = 8 * 1024 * 1024


class NoKey(Exception):
    """A value that does not say what it shows; whatever shows it is rendered each time."""


def key_of(value: Any) -> Hashable:
    """What is equal for two values only when a template shows both the same way. Raises NoKey."""
    kind = type(value)
    if kind is str or kind is int or kind is NoneType:
        return value
    if kind is bool or kind is SafeString:
        return (kind, value)
    if kind is list or kind is tuple:
        return tuple(map(key_of, value))
    key = getattr(value, "content_key", None)
    if key is None:
        raise NoKey
    return key


def attach(record: Model, **lists: Iterable[Model]) -> None:
    """Gives a record lists of others that are shown with it, and makes them part of what it shows."""
    for name, found in lists.items():
        setattr(record, name, found)
        key = getattr(record, "content_key", None)
        if key is not None:
            record.content_key = (key, name, key_of(found))  # type: ignore[attr-defined]


class Asked(NamedTuple):
    """All that a public page's templates may know of the request: they are given this in its place."""

    origin: str
    url_name: str | None
    guide: str | None
    language: str | None

    @classmethod
    def by(cls, request: HttpRequest) -> Asked:
        match = request.resolver_match
        # HostMiddleware has made sure that the host is one of ours.
        origin = settings.PUBLIC_URL.rstrip("/") or f"{request.scheme}://{request._get_raw_host()}"  # type: ignore[attr-defined]
        if match is None:
            return cls(origin, None, None, get_language())
        return cls(origin, match.url_name, match.kwargs.get("guide"), get_language())

    @property
    def resolver_match(self) -> SimpleNamespace:
        return SimpleNamespace(url_name=self.url_name, kwargs={"guide": self.guide})

    def build_absolute_uri(self, path: str) -> str:
        return self.origin + path


class Shelf:
    """Texts by their keys, no more than so many characters together; what was not asked for longest goes first."""

    def __init__(self, most_characters: int) -> None:
        self.most_characters = most_characters
        self.characters = 0
        self.texts: OrderedDict[Hashable, tuple[SafeString, int]] = OrderedDict()
        self.lock = Lock()

    def get(self, key: Hashable) -> SafeString | None:
        with self.lock:
            kept = self.texts.get(key)
            if kept is None:
                return None
            self.texts.move_to_end(key)
            return kept[0]

    def put(self, key: Hashable, text: SafeString) -> None:
        size = len(text) + _length(key)
        with self.lock:
            if key in self.texts or size > self.most_characters // 8:
                return
            self.texts[key] = text, size
            self.characters += size
            while self.characters > self.most_characters:
                self.characters -= self.texts.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self.lock:
            self.texts.clear()
            self.characters = 0


def _length(key: Any) -> int:
    """About how many characters a key takes, objects around them included."""
    if isinstance(key, tuple):
        return 60 + sum(map(_length, key))
    return 50 + len(key) if isinstance(key, str) else 30


shelf = Shelf(MOST_CHARACTERS)


def render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """As `django.shortcuts.render`, from the shelf where the context says all that is shown.

    In the staff's preview, and where a form comes back with what a visitor wrote, all is rendered each time.
    """
    if in_preview(request) or status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return render_anew(request, template, context, status=status)
    names = portal(request)
    asked = Asked.by(request)
    if status >= HTTPStatus.BAD_REQUEST:
        asked = asked._replace(guide=None)  # made up as it may be, it is on no page that says what is wrong
    try:
        key = template, asked, *names.values(), *((name, key_of(value)) for name, value in context.items())
    except NoKey:
        return render_anew(request, template, context, status=status)
    text = shelf.get(key)
    if text is None:
        text = rendered(template, names | context, asked)
        shelf.put(key, text)
    return HttpResponse(text, status=status, charset="utf-8")


def piece(template: str, values: dict[str, Any], around: Context) -> SafeString:
    """A part of a page: its template with these values and nothing else, as `{% include … only %}`."""
    request: Any = getattr(around, "request", None)
    if in_preview(request):
        return template_named(template).render(around.new(values))
    try:
        key = template, get_language(), *((name, key_of(value)) for name, value in values.items())
    except NoKey:
        return rendered(template, values)
    text = shelf.get(key)
    if text is None:
        text = rendered(template, values)
        shelf.put(key, text)
    return text


def rendered(template: str, values: dict[str, Any], asked: Asked | None = None) -> SafeString:
    context = Context(values | {"request": asked} if asked else values)
    if asked:
        context.request = asked  # type: ignore[attr-defined]
    return template_named(template).render(context)


def template_named(name: str) -> Any:
    """Django's own template object, which takes a context as it is."""
    return get_template(name).template  # type: ignore[attr-defined]
