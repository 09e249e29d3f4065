"""What of the work list is wanted, from the address: a person, a guide or the FAQ, a kind of record.

What an address says that is not there, or that its user may not look at, counts as not said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext as _

from helpdesk.adminkit.html import display_name
from helpdesk.guides.models import Guide
from helpdesk.reports.record_kinds import FAQ, KINDS, Kind

# Pairs of a value and its name, as a `<select>` has them.
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Filters:
    """The wanted part; `kinds` are those that the user may look at and wants to see."""

    kinds: list[Kind]
    person: Any = None
    place: str = ""
    kind: str = ""
    people: Choices = field(default_factory=list)
    places: Choices = field(default_factory=list)
    all_kinds: list[Kind] = field(default_factory=list)

    def records(self, kind: Kind) -> QuerySet[Any]:
        """The wanted records of a kind, whoever had to do with them."""
        records = kind.records()
        return records.filter(kind.stands_in(self.place)) if self.place else records

    def records_of_person(self, kind: Kind) -> Any:
        """As `records`, and of the wanted person: who made the record or was the last one to change it."""
        if self.person is None:
            return self.records(kind)
        versions = kind.model.history.model.objects.filter(id=OuterRef("pk"))
        first = versions.order_by("history_date", "history_id").values("history_user")[:1]
        last = versions.order_by("-history_date", "-history_id").values("history_user")[:1]
        records = self.records(kind).alias(first_by=Subquery(first), last_by=Subquery(last))
        return records.filter(Q(first_by=self.person.pk) | Q(last_by=self.person.pk))

    def query(self, **more: Any) -> str:
        """The filters as the query of an address, with something more."""
        said = {"person": self.person.pk if self.person else "", "place": self.place, "kind": self.kind, **more}
        given = urlencode({name: value for name, value in said.items() if value})
        return f"?{given}" if given else "?"


def read_filters(request: HttpRequest) -> Filters:
    """The filters that the address asks for, and what there is to choose from. Two queries, and the user's rights."""
    asked: Mapping[str, str] = request.GET
    allowed = [kind for kind in KINDS.values() if kind.may(request, "view")]
    people = {str(user.pk): user for user in get_user_model()._default_manager.filter(is_staff=True, is_active=True)}
    guides = Guide.objects.values_list("number", "short_title")
    places = [*((str(number), title) for number, title in guides), (FAQ, _("Technical FAQ"))]
    named = {kind.name: kind for kind in allowed}
    kind = asked.get("kind", "") if asked.get("kind", "") in named else ""
    return Filters(
        kinds=[named[kind]] if kind else allowed,
        person=people.get(asked.get("person", "")),
        place=asked.get("place", "") if asked.get("place", "") in dict(places) else "",
        kind=kind,
        people=sorted(((pk, display_name(user)) for pk, user in people.items()), key=lambda person: person[1].lower()),
        places=places,
        all_kinds=allowed,
    )
