"""All addresses of the portal in memory: which page has which, from when to when it is public, and who had it before.

For the publish check, which follows many links at once. Read in one query for each kind of page and one for former
addresses, and only when a link needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpdesk.addresses.models import FormerAddress, model_of
from helpdesk.content.publishing import Publishable
from helpdesk.publishcheck.problems import once_a_look


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when one page is public by its own moments; `since` None is a draft, `until` None without end."""

    number: int
    since: datetime | None
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.since is not None and self.since <= moment and (self.until is None or self.until > moment)

    def in_words(self, moment: datetime) -> str:
        """Why visitors do not see the page at this moment."""
        if self.since is None:
            return _("a draft")
        if self.since > moment:
            day = date_format(timezone.localtime(self.since), "j F Y, H:i")
            return _("not public before %(day)s") % {"day": day}
        return _("archived")


# Spans that all have to cover a moment, for a page to be public then.
Way = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A record with an address. It is public when all spans of one of its `ways` say so."""

    kind: str
    number: int
    slug: str
    scope: int  # the number of the guide that its slug stands in; 0 where the slug stands alone
    name: str
    ways: tuple[Way, ...]

    def hidden(self, moment: datetime, together: Set[int] = frozenset()) -> Span | None:
        """What keeps visitors from the page at this moment; None where they see it.

        The pages with the numbers in `together` count as public.
        """
        missing = None
        for way in self.ways or ((Span(self.number, None, None),),):
            lacking = [span for span in way if span.number not in together and not span.covers(moment)]
            if not lacking:
                return None
            missing = missing or lacking[0]
        return missing

    def ends(self, moment: datetime) -> datetime | None:
        """When the page, public at this moment, stops being so; None where nobody has decided that."""
        ends = [span.until for way in self.ways for span in way if span.until and span.until > moment]
        return min(ends) if len(self.ways) == 1 and ends else None


# For kinds whose records have no public life of their own: number, then the ways in which each is public.
_ways: dict[str, Callable[[], dict[int, list[Way]]]] = {}


def ways_of(kind: str) -> Callable[[Callable[[], dict[int, list[Way]]]], Callable[[], dict[int, list[Way]]]]:
    """Registers a function that says when the records of this kind are public, by their numbers."""

    def register(function: Callable[[], dict[int, list[Way]]]) -> Callable[[], dict[int, list[Way]]]:
        _ways[kind] = function
        return function

    return register


class Directory:
    """The pages by number and by slug, and the former owners of slugs."""

    def __init__(self) -> None:
        self._by_number: dict[str, dict[int, Page]] = {}
        self._by_slug: dict[str, dict[tuple[int, str], Page]] = {}
        self._former: dict[tuple[str, int, str], list[int]] | None = None

    def by_number(self, kind: str, number: int) -> Page | None:
        self._load(kind)
        return self._by_number[kind].get(number)

    def by_slug(self, kind: str, slug: str, scope: int = 0) -> Page | None:
        self._load(kind)
        return self._by_slug[kind].get((scope, slug.lower()))

    def former_owners(self, kind: str, slug: str, scope: int = 0) -> list[int]:
        """Return the help numbers of the records that this slug leads to, the latest owner first."""
        if self._former is None:
            self._former = {}
            former = FormerAddress.objects.active().order_by("-until", "-pk")
            rows = former.values_list("kind", "scope", "slug", "number")
            for row_kind, row_scope, row_slug, number in rows:
                self._former.setdefault((row_kind, row_scope, row_slug), []).append(number)
        return self._former.get((kind, scope, slug.lower()), [])

    def _load(self, kind: str) -> None:
        if kind not in self._by_number:
            pages = list(_pages(kind))
            self._by_number[kind] = {page.number: page for page in pages}
            self._by_slug[kind] = {(page.scope, page.slug): page for page in pages}


@once_a_look
def directory() -> Directory:
    """The directory of this check."""
    return Directory()


def _pages(kind: str) -> Iterator[Page]:
    model = model_of(kind)
    public = _Chains(model) if issubclass(model, Publishable) else None
    ways = _ways[kind]() if kind in _ways else None
    scope = [f"{model.address_scope}__number"] if model.address_scope else []
    columns = ["number", "slug", model.name_field, *scope, *(public.columns if public else ())]
    for number, slug, name, *rest in model.objects.order_by().values_list(*columns):
        own: tuple[Way, ...] = ((),)
        if public:
            own = (public.way(number, rest[len(scope) :]),)
        elif ways is not None:
            own = tuple(ways.get(number, ()))
        yield Page(kind, number, slug, rest[0] if scope else 0, name, own)


class _Chains:
    """The columns with the moments of a page and of the pages it needs, as its queryset names them."""

    def __init__(self, model: Any) -> None:
        queryset = model.objects.all()
        self.prefixes = (*queryset.chain, *queryset.chain_if_any)
        self.columns = ["publish_at", "archive_at"]
        for prefix in self.prefixes:
            self.columns += [f"{prefix}number", f"{prefix}publish_at", f"{prefix}archive_at"]

    def way(self, number: int, values: list[Any]) -> Way:
        spans = [Span(number, values[0], values[1])]
        for place in range(len(self.prefixes)):
            needed, since, until = values[2 + 3 * place : 5 + 3 * place]
            if needed is not None:
                spans.append(Span(needed, since, until))
        return tuple(spans)
