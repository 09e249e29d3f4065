"""URLs of content kinds: the kind and the slugs that a URL names, and the path that slugs make."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, reduce
from typing import Any

from django.db.models import Model
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from helpdesk.addresses.models import model_of
from helpdesk.content.kinds import ContentKind, addressed_kinds, kind_of


@lru_cache(maxsize=4096)
def match_url(path: str) -> ResolverMatch | None:
    """Return the entry of the URL configuration for this path, or for it with a slash at its end."""
    for tried in (path, path + "/"):
        try:
            return resolve(tried)
        except (Resolver404, ValueError):
            continue
    return None


def kind_at(arguments: Mapping[str, object]) -> ContentKind | None:
    """Return the kind of page that a URL with these arguments shows: the one that names most of them."""
    kinds = [kind for kind in addressed_kinds() if kind.url_lookups and kind.url_lookups.keys() <= arguments.keys()]
    return max(kinds, key=lambda kind: len(kind.url_lookups), default=None)


def kind_above(kind: ContentKind) -> ContentKind | None:
    """Return the kind of the records below whose addresses those of this kind are (a symptom's guide)."""
    scope = model_of(kind).address_scope
    field: Any = kind.model._meta.get_field(scope) if scope else None
    return kind_of(field.related_model) if field else None


def url_arguments(page: Model) -> dict[str, str]:
    """Return the arguments of a page's URL. No query where the record above it is loaded."""
    lookups = kind_of(page).url_lookups
    return {name: str(reduce(getattr, lookup.split("__"), page)) for name, lookup in lookups.items()}


def slugs_at(kind: ContentKind, arguments: Mapping[str, str]) -> tuple[str, str]:
    """Return the slug of the record that a URL names, and that of the record above it."""
    by_lookup = {lookup: arguments[name] for name, lookup in kind.url_lookups.items()}
    return by_lookup["slug"], by_lookup.get(f"{model_of(kind).address_scope}__slug", "")


def path_of_slugs(kind: ContentKind, slug: str, slug_above: str = "") -> str:
    """Return the path of a page of this kind with these slugs."""
    slugs = {name: slug if lookup == "slug" else slug_above for name, lookup in kind.url_lookups.items()}
    return reverse(f"help:{kind.url_name}", kwargs=slugs)
