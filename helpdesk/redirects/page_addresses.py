"""Addresses that a record has and had, for the panel on its page in the admin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from helpdesk.addresses.models import Addressed, FormerAddress
from helpdesk.addresses.pages import short_path
from helpdesk.addresses.paths import normalize
from helpdesk.addresses.routes import kind_above, path_of_slugs
from helpdesk.content.kinds import ContentKind, kind_of
from helpdesk.redirects.models import Redirect


@dataclass(frozen=True, slots=True)
class FormerPath:
    """An address that a record had; `now` is the record that has it today."""

    row: FormerAddress
    path: str
    now: Addressed | None = None


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """Addresses that lead to a record, and the redirects of its own addresses while visitors do not see it."""

    path: str
    short: str
    former: list[FormerPath]
    leading_here: list[Redirect]
    leading_away: list[Redirect]


def addresses_of(record: Addressed) -> PageAddresses:
    """Return all addresses of a record. At most seven queries."""
    kind = kind_of(record)
    stored = kind.objects.get(pk=record.pk)  # in a form that was refused, the record has what was typed
    path = stored.get_absolute_url() if kind.url_name else ""
    short = short_path(kind, record.number) if kind.letter else ""
    redirects: list[Redirect] = []
    if short:
        own = Q(path__in=[short, normalize(path)])
        redirects = list(Redirect.objects.filter(Q(target_id=record.number) | own).order_by("path"))
    return PageAddresses(
        path=path,
        short=short,
        former=former_paths(stored),
        leading_here=[redirect for redirect in redirects if redirect.target_id == record.number],
        leading_away=[redirect for redirect in redirects if redirect.target_id != record.number],
    )


def former_paths(record: Addressed) -> list[FormerPath]:
    """Return the addresses that the record had and that still lead to it, the latest first. At most four queries."""
    kind = kind_of(record)
    active = FormerAddress.objects.active().filter(kind=kind.name, number=record.number)
    present = (record.scope, record.slug)
    rows = [row for row in active.order_by("-until", "-pk") if (row.scope, row.slug) != present]
    if not rows:
        return []
    above = _slugs_above(kind, {row.scope for row in rows})
    owners = _present_owners(record, rows)
    return [
        FormerPath(row, _path(kind, row.slug, above[row.scope]), owners.get((row.scope, row.slug)))
        for row in rows
        if row.scope in above
    ]


def _path(kind: ContentKind, slug: str, slug_above: str) -> str:
    # A cause has a path below each of its symptoms.
    return path_of_slugs(kind, slug, slug_above) if kind.url_name else f"…/check/{slug}/"


def _slugs_above(kind: ContentKind, numbers: set[int]) -> dict[int, str]:
    """Return the slugs of the records with these numbers above; of a deleted one the last that still leads to it."""
    above = kind_above(kind)
    if above is None:
        return {0: ""}
    former = FormerAddress.objects.active().filter(kind=above.name, number__in=numbers).order_by("until", "pk")
    found = dict(former.values_list("number", "slug"))
    return found | dict(above.objects.filter(number__in=numbers).values_list("number", "slug"))


def _present_owners(record: Addressed, rows: Sequence[FormerAddress]) -> dict[tuple[int, str], Addressed]:
    """Return the other records that have these addresses today."""
    others = type(record)._default_manager.filter(slug__in={row.slug for row in rows}).exclude(pk=record.pk)
    if record.address_scope:
        scopes = {f"{record.address_scope}__number__in": {row.scope for row in rows}}
        others = others.filter(**scopes).select_related(record.address_scope)
    return {(other.scope, other.slug): other for other in others}
