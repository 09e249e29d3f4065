"""Resolution of a path: the page that visitors or staff see there, wherever that page is now. Calls no view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import ResolverMatch, reverse

from helpdesk.addresses.former import Owners
from helpdesk.addresses.models import Addressed
from helpdesk.addresses.pages import is_page_gone, page_kind
from helpdesk.addresses.routes import kind_above, kind_at, match_url, slugs_at, url_arguments
from helpdesk.content.audience import VISITOR
from helpdesk.content.kinds import ContentKind, kind_named, page_kinds

LONGEST_KEY = 9


@dataclass(frozen=True, slots=True)
class ResolvedPath:
    """Meaning of a path.

    `page` is the record at the path or below which it is, drafts included, or else the one that it leads to.
    """

    page: Addressed | None = None
    is_public: bool = False  # visitors see the page
    moved_to: str = ""  # present path, where visitors are redirected
    is_gone: bool = False  # visitors could once see a page here
    is_fixed: bool = False  # the portal itself answers here, with no page of content
    owners: Owners | None = None  # of the slugs in the path

    @property
    def is_answered(self) -> bool:
        """True where visitors are shown something or are redirected, before any redirect of staff."""
        return self.is_public or self.is_fixed


NOTHING = ResolvedPath()


def resolve(path: str) -> ResolvedPath:
    """Return what a path of the portal means. At most twelve queries, whatever the path."""
    match = match_url(path)
    if match is None:
        return NOTHING
    if "number" in match.kwargs:
        return _resolve_number(match.kwargs)
    kind = kind_at(match.kwargs)
    if kind is not None:
        return _resolve_slugs(match, kind)
    return replace(_resolve_record(match), is_fixed=True)


def owners_at(kind: ContentKind, arguments: Mapping[str, str]) -> Owners:
    """Return the owners of the slugs in a URL. Two queries, four for an address below another page's."""
    slug, slug_above = slugs_at(kind, arguments)
    above = kind_above(kind)
    return Owners.of(kind, slug, Owners.of(above, slug_above) if above else None)


def _resolve_number(arguments: Mapping[str, Any]) -> ResolvedPath:
    """Resolve a short link, or a page of the admin that names a help number."""
    number = arguments["number"]
    kind = kind_named(arguments["kind"]) if "kind" in arguments else page_kind(number)
    if kind is None:
        return NOTHING
    found = kind.with_parent(kind.objects.filter(number=number)).first()
    if found is not None and kind.objects.visible_to(VISITOR).filter(pk=found.pk).exists():
        return ResolvedPath(found, is_public=True)
    return ResolvedPath(found, is_gone=is_page_gone(kind, number))


def _resolve_slugs(match: ResolverMatch, kind: ContentKind) -> ResolvedPath:
    owners = owners_at(kind, match.kwargs)
    page = owners.first(kind.with_parent(kind.objects.visible_to(VISITOR)))
    if page is not None:
        present = url_arguments(page)
        if present.items() <= match.kwargs.items():
            return ResolvedPath(page, is_public=True, owners=owners)
        path = reverse(match.view_name, kwargs={**match.kwargs, **present})
        return ResolvedPath(page, is_public=True, moved_to=path, owners=owners)
    # A page that visitors do not see is meant by its present address only.
    hidden = owners.first(kind.with_parent(kind.objects.all()))
    if hidden is not None and not url_arguments(hidden).items() <= match.kwargs.items():
        hidden = None
    return ResolvedPath(hidden, is_gone=owners.are_gone(), owners=owners)


def _resolve_record(match: ResolverMatch) -> ResolvedPath:
    """Resolve a page of the admin about a record with a page of its own."""
    key = str(match.kwargs.get("object_id", match.kwargs.get("pk", "")))
    if not key.isdecimal() or len(key) > LONGEST_KEY:
        return NOTHING
    for kind in page_kinds():
        if (match.url_name or "").startswith(f"{kind.model._meta.label_lower.replace('.', '_')}_"):
            found = kind.with_parent(kind.objects.filter(pk=key)).first()
            return ResolvedPath(found)
    return NOTHING
