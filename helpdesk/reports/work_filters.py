"""Filters of the work list, read from the address: a person, a guide or another place, a kind of record.

A value that does not exist, or that the user may not view, counts as not given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest

from helpdesk.content.kinds import ContentKind
from helpdesk.guides.models import Guide
from helpdesk.history.versions import history_of
from helpdesk.permissions.names import display_name
from helpdesk.reports.kinds import app_places, is_in_place, listed_kinds, may_view, records_of_kind

# Pairs of a value and its name, as a `<select>` has them.
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class WorkFilters:
    """The chosen filters; `kinds` are those that the user may view and wants to see."""

    kinds: list[ContentKind]
    person: AbstractBaseUser | None = None
    place: str = ""
    kind: str = ""
    people: Choices = field(default_factory=list)
    places: Choices = field(default_factory=list)
    all_kinds: list[ContentKind] = field(default_factory=list)

    @property
    def publishable_kinds(self) -> list[ContentKind]:
        return [kind for kind in self.kinds if kind.is_publishable]

    def records(self, kind: ContentKind) -> QuerySet[Any]:
        """Return the records of a kind in the chosen place."""
        records = records_of_kind(kind)
        return records.filter(is_in_place(kind, self.place)) if self.place else records

    def records_of_person(self, kind: ContentKind) -> QuerySet[Any]:
        """Return those `records` that the chosen person made or was the last one to change."""
        if self.person is None:
            return self.records(kind)
        versions = history_of(kind.model).filter(id=OuterRef("pk"))
        first = versions.order_by("history_date", "history_id").values("history_user")[:1]
        last = versions.order_by("-history_date", "-history_id").values("history_user")[:1]
        records = self.records(kind).alias(first_by=Subquery(first), last_by=Subquery(last))
        return records.filter(Q(first_by=self.person.pk) | Q(last_by=self.person.pk))

    def query(self, **more: str) -> str:
        """Return the filters as the query of an address, with more parameters."""
        given = {"person": self.person.pk if self.person else "", "place": self.place, "kind": self.kind, **more}
        return "?" + urlencode({name: value for name, value in given.items() if value})


def read_filters(request: HttpRequest) -> WorkFilters:
    """Return the filters in the address, and the choices. Two queries, and those of the user's rights."""
    allowed = {kind.name: kind for kind in listed_kinds() if may_view(request, kind)}
    users = get_user_model()._default_manager.filter(is_staff=True, is_active=True)
    people = {str(user.pk): user for user in users}
    guides = Guide.objects.values_list("number", "short_title")
    places = [*((str(number), title) for number, title in guides), *app_places()]
    kind, place = request.GET.get("kind", ""), request.GET.get("place", "")
    return WorkFilters(
        kinds=[allowed[kind]] if kind in allowed else list(allowed.values()),
        person=people.get(request.GET.get("person", "")),
        place=place if place in dict(places) else "",
        kind=kind if kind in allowed else "",
        people=sorted(((pk, display_name(user)) for pk, user in people.items()), key=lambda person: person[1].lower()),
        places=places,
        all_kinds=list(allowed.values()),
    )
