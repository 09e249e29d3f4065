"""Whose an address was that no live page has: of a page that is elsewhere now, or of one that is no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse

from helpdesk.addresses.models import Addressed, FormerAddress
from helpdesk.content.kinds import kind_named
from helpdesk.content.publishing import Publishable


def has_short_link(kind: str) -> bool:
    """Return whether the records of this kind have a page with a short link."""
    return bool(kind_named(kind).letter)


def short_link_path(kind: str, number: int) -> str:
    """Return the path of a page's short link, its permanent address."""
    return reverse(f"help:{kind_named(kind).short_url_name}", args=[number])


class Moved(Exception):
    """The page has another address now; answered with a permanent redirect.

    With `to_another` it is no more, and visitors are led to another page, which takes no form of this one.
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
    """The page is archived or deleted; answered with 410 and a way on.

    `record` is what can still be named: the archived page, or the live guide it stood in.
    """

    def __init__(self, record: Any = None) -> None:
        super().__init__()
        self.record = record


class LeftGone(Gone):
    """Staff have decided that nothing shall be at this address."""


def first_public(model: type[Addressed], owners: Sequence[int], published: Any) -> Any:
    """Of the records with these numbers the first that is among the `published` ones, or None. One query."""
    if not owners:
        return None
    order = Case(
        *(When(number=number, then=Value(rank)) for rank, number in enumerate(owners)), output_field=IntegerField()
    )
    return published.filter(number__in=owners).order_by(order).first()


def was_public(model: Any, owners: Iterable[int], *, at: datetime | None = None) -> bool:
    """Whether visitors could once see one of these: it is archived, now or `at` a moment, or deleted.

    At most two queries.
    """
    numbers = set(owners)
    alive = set(model.objects.filter(number__in=numbers).values_list("number", flat=True))
    if numbers - alive:
        return True
    return issubclass(model, Publishable) and model.objects.gone(at=at).filter(number__in=alive).exists()


def current_slugs(model: Any, slugs: Iterable[str]) -> dict[str, str]:
    """Return today's slug of the record that had each slug last, of a kind that is not published itself (a cause).

    Two queries, whatever the number of slugs.
    """
    former = FormerAddress.objects.active().filter(kind=model.address_kind, scope=0, slug__in=list(slugs))
    owners = list(former.order_by("until", "pk").values_list("slug", "number"))
    numbers = {number for _slug, number in owners}
    today = dict(model.objects.filter(number__in=numbers).values_list("number", "slug"))
    return {slug: today[number] for slug, number in owners if number in today}
