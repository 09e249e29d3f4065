"""Index of all pages in memory, for the publish check, which follows many links at once.

One query for each kind of page and one for former addresses, each only when a link needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.addresses.models import FormerAddress, model_of
from helpdesk.content.kinds import kind_named
from helpdesk.content.publishing import PublishableQuerySet
from helpdesk.publishcheck.context import cached_per_context


@dataclass(frozen=True, slots=True)
class PublicationWindow:
    """Time in which a record lets its page be public; no `since` is a draft, no `until` is without end."""

    number: int
    since: datetime | None
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.since is not None and self.since <= moment and (self.until is None or self.until > moment)

    def state_at(self, moment: datetime) -> tuple[str, dict[str, datetime]]:
        """Return why visitors do not see the page at a moment: "draft", "scheduled" or "archived", and from when."""
        if self.since is None:
            return "draft", {}
        return ("scheduled", {"moment": self.since}) if self.since > moment else ("archived", {})


# Windows of a page and of the records it needs. The page is public while all of them cover the moment.
Windows = tuple[PublicationWindow, ...]
# Returns the alternatives for each help number: the page is public while one of them makes it so.
WindowSource = Callable[[], Mapping[int, Sequence[Windows]]]


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """A record with an address, and when visitors see it."""

    kind: str
    number: int
    slug: str
    scope: int  # help number of the guide that its slug belongs to; 0 where the slug stands alone
    name: str
    alternatives: tuple[Windows, ...]

    def hidden_by(self, moment: datetime, public_with: Set[int] = frozenset()) -> PublicationWindow | None:
        """Return what keeps visitors from the page at a moment; None where they see it.

        The pages with the help numbers in `public_with` count as public.
        """
        missing = None
        for windows in self.alternatives or ((PublicationWindow(self.number, None, None),),):
            lacking = [one for one in windows if one.number not in public_with and not one.covers(moment)]
            if not lacking:
                return None
            missing = missing or lacking[0]
        return missing

    def public_until(self, moment: datetime) -> datetime | None:
        """Return when the page, public at this moment, stops being so; None where nobody has decided that."""
        ends = [one.until for windows in self.alternatives for one in windows if one.until and one.until > moment]
        return min(ends) if len(self.alternatives) == 1 and ends else None


_sources: dict[str, WindowSource] = {}


def publication_windows(kind: str) -> Callable[[WindowSource], WindowSource]:
    """Register the source of windows for a kind whose records have no public life of their own."""

    def register(source: WindowSource) -> WindowSource:
        _sources[kind] = source
        return source

    return register


class PageIndex:
    """Pages by help number and by slug, and the former owners of slugs."""

    def __init__(self) -> None:
        self._by_number: dict[str, dict[int, IndexedPage]] = {}
        self._by_slug: dict[str, dict[tuple[int, str], IndexedPage]] = {}
        self._former: dict[tuple[str, int, str], list[int]] | None = None

    def by_number(self, kind: str, number: int) -> IndexedPage | None:
        self._load(kind)
        return self._by_number[kind].get(number)

    def by_slug(self, kind: str, slug: str, scope: int = 0) -> IndexedPage | None:
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


@cached_per_context
def page_index() -> PageIndex:
    """Return the index of an evaluation of the publish check."""
    return PageIndex()


def _pages(kind: str) -> Iterator[IndexedPage]:
    found = kind_named(kind)
    model = model_of(found)
    columns = _WindowColumns(found.objects.all()) if found.is_publishable else None
    alternatives = _sources[kind]() if kind in _sources else None
    scope = [f"{model.address_scope}__number"] if model.address_scope else []
    names = ["number", "slug", model.name_field, *scope, *(columns.names if columns else ())]
    for number, slug, name, *rest in found.objects.order_by().values_list(*names):
        own: tuple[Windows, ...] = ((),)
        if columns:
            own = (columns.windows(number, rest[len(scope) :]),)
        elif alternatives is not None:
            own = tuple(alternatives.get(number, ()))
        yield IndexedPage(kind, number, slug, rest[0] if scope else 0, name, own)


class _WindowColumns:
    """Columns with the windows of a page and of the records it needs, as its queryset names those."""

    def __init__(self, queryset: PublishableQuerySet[Any]) -> None:
        self.prefixes = (*queryset.chain, *queryset.chain_if_any)
        self.names = ["publish_at", "archive_at"]
        for prefix in self.prefixes:
            self.names += [f"{prefix}number", f"{prefix}publish_at", f"{prefix}archive_at"]

    def windows(self, number: int, values: Sequence[Any]) -> Windows:
        found = [PublicationWindow(number, values[0], values[1])]
        for place in range(len(self.prefixes)):
            needed, since, until = values[2 + 3 * place : 5 + 3 * place]
            if needed is not None:
                found.append(PublicationWindow(needed, since, until))
        return tuple(found)
