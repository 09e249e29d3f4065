"""Lookup of the page that a visitor may have meant, for the pages 404 and 410."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from helpdesk.addresses.models import Addressed
from helpdesk.addresses.paths import normalize
from helpdesk.content.audience import VISITOR, Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.content.kinds import ContentKind, kind_named, page_kinds
from helpdesk.redirects.not_found_log import is_plausible
from helpdesk.redirects.suggestions import best_match, slugs_in

# The last parts of a path are compared with slugs that begin alike: so a lookup costs the same, however much there is.
MOST_PARTS = 3
SAME_BEGINNING = 2
MOST_COMPARED = 100


@dataclass(frozen=True, slots=True)
class LikelyPage:
    """A public page with its path, its name, and the name of the page that it is listed below."""

    path: str
    name: str
    place: str


def likely_page(path: str) -> LikelyPage | None:
    """Return the public page that a path resembles most; None for a path that a person would not ask for.

    One query for each kind of page. Only public pages count, so the answer is no hint of a draft.
    """
    normal = normalize(path)
    parts = list(slugs_in(normal))[:MOST_PARTS] if is_plausible(normal) else []
    if not parts:
        return None
    found = [(kind, page) for kind in page_kinds() for page in _candidates(kind, parts)]
    # Of pages with one slug, that below a page which the path names, too.
    found.sort(key=lambda one: (_parent_slug(*one) in parts, -one[1].number))
    match = best_match(parts, {page.slug: page.number for _kind, page in found}, {})
    return next((_shown(kind, page) for kind, page in found if match and page.number == match[0]), None)


def _candidates(kind: ContentKind, parts: list[str]) -> list[Addressed]:
    """Return the public pages with one of these slugs, then those whose slug begins alike. One query."""
    params: dict[str, str] = {}
    for place in range(MOST_PARTS):
        part = parts[min(place, len(parts) - 1)]
        start = part[:SAME_BEGINNING]
        params |= {f"slug{place}": part, f"start{place}": start, f"end{place}": start[:-1] + chr(ord(start[-1]) + 1)}
    return _alike(kind.name).all(VISITOR, **params)


@cache
def _alike(kind_name: str) -> CompiledQuery[Any]:
    return CompiledQuery(partial(_build, kind_named(kind_name)))


def _build(kind: ContentKind, audience: Audience) -> QuerySet[Any]:
    is_exact = Q()
    is_alike = Q()
    for place in range(MOST_PARTS):
        is_exact |= Q(slug=Param(f"slug{place}"))
        is_alike |= Q(slug__gte=Param(f"start{place}"), slug__lt=Param(f"end{place}"))
    pages = kind.with_parent(kind.objects.visible_to(audience).filter(is_alike))
    pages = pages.annotate(is_exact=ExpressionWrapper(is_exact, output_field=BooleanField()))
    return pages.order_by("-is_exact", "slug", "number")[:MOST_COMPARED]


def _parent_slug(kind: ContentKind, page: Addressed) -> str:
    return str(getattr(getattr(page, kind.parent, None), "slug", "")) if kind.parent else ""


def _shown(kind: ContentKind, page: Any) -> LikelyPage:
    return LikelyPage(page.get_absolute_url(), str(page), kind.parent_name(page))
