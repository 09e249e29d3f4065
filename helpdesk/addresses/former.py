"""Owners of an address that shows no page: records that moved, and records that are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Case, IntegerField, Model, QuerySet, Value, When

from helpdesk.addresses.models import Addressed, FormerAddress, model_of
from helpdesk.content.kinds import ContentKind

_Record = TypeVar("_Record", bound=Model)


class Moved(Exception):
    """The page has another URL now; answered with a permanent redirect.

    With `to_another` the page is gone and its visitors are led to another page, which takes no form of this one.
    """

    def __init__(self, url: str, *, to_another: bool = False) -> None:
        super().__init__(url)
        self.url = url
        self.to_another = to_another


class Renamed(Exception):
    """A page in the address has another slug now; `slugs` are the new values of the route's parameters."""

    def __init__(self, **slugs: str) -> None:
        super().__init__(slugs)
        self.slugs = slugs


class Gone(Exception):
    """The page is archived or deleted; answered with 410. `record` is what can still be named on the page."""

    def __init__(self, record: Model | None = None) -> None:
        super().__init__()
        self.record = record


class MarkedGone(Gone):
    """Staff decided that there is nothing at this address."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Help numbers of the records that have or had a slug, the present owner first, then the latest."""

    kind: ContentKind
    numbers: tuple[int, ...]
    ended: tuple[int, ...]  # records that the slug led to until staff ended that
    parent: Owners | None = None  # owners of the slug above, for a record whose address is below another one's

    @classmethod
    def of(cls, kind: ContentKind, slug: str, parent: Owners | None = None) -> Owners:
        """Return the owners of a slug, in every record that has or had the slug above it. Two queries."""
        slug, scopes = slug.lower(), parent.numbers if parent else (0,)
        by_scope: dict[int, list[int]] = {scope: [] for scope in scopes}
        for scope, number in _present_owners(kind, slug, scopes):
            by_scope[scope].append(number)
        ended: list[int] = []
        former = FormerAddress.objects.filter(kind=kind.name, slug=slug, scope__in=scopes)
        for row in former.order_by("-until", "-pk"):
            (ended if row.ended_at else by_scope[row.scope]).append(row.number)
        return cls(kind, tuple(number for scope in scopes for number in by_scope[scope]), tuple(ended), parent)

    def first(self, records: QuerySet[_Record]) -> _Record | None:
        """Return the first owner that is among the records; None where none is. One query at most."""
        if not self.numbers:
            return None
        ranks = (When(number=number, then=Value(rank)) for rank, number in enumerate(self.numbers))
        return records.filter(number__in=self.numbers).order_by(Case(*ranks, output_field=IntegerField())).first()

    def are_gone(self, *, at: datetime | None = None) -> bool:
        """Return whether visitors could once see a page here. At most five queries."""
        return is_any_gone(self.kind, self.numbers, at=at) or self.were_ended_in_public()

    def were_ended_in_public(self) -> bool:
        """Return whether staff ended the address of a record that is no draft. At most three queries."""
        if not self.ended:
            return False
        if not self.kind.is_publishable or is_any_gone(self.kind, self.ended):
            return True
        return self.kind.objects.published().filter(number__in=self.ended).exists()


def _present_owners(kind: ContentKind, slug: str, scopes: Collection[int]) -> Iterable[tuple[int, int]]:
    records, scope = kind.objects.filter(slug=slug), model_of(kind).address_scope
    if not scope:
        return ((0, number) for number in records.values_list("number", flat=True))
    return records.filter(**{f"{scope}__number__in": scopes}).values_list(f"{scope}__number", "number")


def is_any_gone(kind: ContentKind, numbers: Iterable[int], *, at: datetime | None = None) -> bool:
    """Return whether one of these former owners is archived, now or `at` a moment, or deleted. Two queries."""
    wanted = set(numbers)
    if not wanted:
        return False
    alive = set(kind.objects.filter(number__in=wanted).values_list("number", flat=True))
    if wanted - alive:
        return True
    return kind.is_publishable and kind.objects.gone(at=at).filter(number__in=alive).exists()


def current_slugs(model: type[Addressed], slugs: Collection[str]) -> dict[str, str]:
    """Return for each slug that a record of this model had, the slug that it has now. Two queries."""
    former = FormerAddress.objects.active().filter(kind=model.address_kind, slug__in=slugs).order_by("until", "pk")
    owners = list(former.values_list("slug", "number"))
    records = model._default_manager.filter(number__in={number for _slug, number in owners})
    present = dict(records.values_list("number", "slug")) if owners else {}
    # The latest owner that is not deleted comes last, so it counts.
    return {slug: present[number] for slug, number in owners if number in present}
