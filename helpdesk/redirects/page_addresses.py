"""The addresses that a record has and had, for the panel on its page in the admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from helpdesk.addresses.former import SHORT_ADDRESSES
from helpdesk.addresses.models import Addressed, FormerAddress, Kind, model_of
from helpdesk.addresses.paths import normalize
from helpdesk.redirects.models import Redirect
from helpdesk.redirects.resolver import short_path


@dataclass(frozen=True)
class Former:
    """An address that a record had; `now` is the page that has it today."""

    row: FormerAddress
    path: str
    now: Any = None


@dataclass(frozen=True)
class Addresses:
    """What leads to a record, and what its own addresses lead to while visitors cannot see it."""

    path: str
    short: str
    former: list[Former]
    leading_here: list[Redirect]
    leading_away: list[Redirect]


def addresses_of(record: Addressed) -> Addresses:
    """All that there is to say; at most seven queries."""
    model: Any = type(record)
    stored = model._default_manager.get(pk=record.pk)  # in a form that was refused, the record has what was typed
    path = stored.get_absolute_url() if hasattr(stored, "get_absolute_url") else ""
    short = short_path(model, record.number) if record.address_kind in SHORT_ADDRESSES else ""
    redirects: list[Redirect] = []
    if short:
        own = Q(path__in=[short, normalize(path)])
        redirects = list(Redirect.objects.filter(Q(target_id=record.number) | own).order_by("path"))
    return Addresses(
        path=path,
        short=short,
        former=former_of(stored, path),
        leading_here=[redirect for redirect in redirects if redirect.target_id == record.number],
        leading_away=[redirect for redirect in redirects if redirect.target_id != record.number],
    )


def former_of(record: Any, path: str) -> list[Former]:
    """The addresses that the record had and that still lead to it, the latest first."""
    kept = FormerAddress.objects.active().filter(kind=record.address_kind, number=record.number)
    present = (scope_number(record), record.slug)
    rows = [row for row in kept.order_by("-until", "-pk") if (row.scope, row.slug) != present]
    if not rows:
        return []
    if record.address_scope:
        above = paths_above({row.scope for row in rows})
    else:
        above = {0: path.rstrip("/").rpartition("/")[0] + "/" if path else "…/check/"}
    owners = owners_now(record, rows)
    return [
        Former(row, f"{above[row.scope]}{row.slug}/", owners.get((row.scope, row.slug)))
        for row in rows
        if row.scope in above
    ]


def scope_number(record: Any) -> int:
    """The number of the guide that the record stands in; 0 for one that stands alone."""
    return getattr(record, record.address_scope).number if record.address_scope else 0


def paths_above(numbers: set[int]) -> dict[int, str]:
    """The addresses of the guides with these numbers; of a deleted one the last that still leads to it."""
    guides = model_of(Kind.GUIDE).objects.filter(number__in=numbers)
    found = {guide.number: guide.get_absolute_url() for guide in guides}
    lost = numbers - set(found)
    if lost:
        start = next(iter(found.values()), "/guides/x/").rstrip("/").rpartition("/")[0]
        rows = FormerAddress.objects.active().filter(kind=Kind.GUIDE, number__in=lost).order_by("until", "pk")
        found |= {row.number: f"{start}/{row.slug}/" for row in rows}
    return found


def owners_now(record: Any, rows: list[FormerAddress]) -> dict[tuple[int, str], Any]:
    """Which other records have these addresses today."""
    others = type(record).objects.filter(slug__in={row.slug for row in rows}).exclude(pk=record.pk)
    if record.address_scope:
        scopes = {f"{record.address_scope}__number__in": {row.scope for row in rows}}
        others = others.filter(**scopes).select_related(record.address_scope)
    return {(scope_number(other), other.slug): other for other in others}
