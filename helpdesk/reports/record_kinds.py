"""The kinds of records that the work list knows: their names in addresses, where they stand, how they are named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.search.models import Synonym

FAQ = "faq"


@dataclass(frozen=True)
class Kind:
    """One kind of record."""

    name: str
    model: Any
    plural: Any
    # The lookup to the number of the guide it stands in or is used in; FAQ for what stands there; empty for neither.
    place: str = ""
    # Whether it is a page with a public life of its own.
    is_page: bool = False
    # The record above it, for the path in front of its title.
    above: str = ""
    path: Callable[[Any], str] = lambda record: ""

    def records(self) -> QuerySet[Any]:
        """All records of this kind with what their path needs. One query."""
        records = self.model._default_manager.order_by()
        return records.select_related(self.above) if self.above else records

    def stands_in(self, place: str) -> Q:
        """The condition "in the FAQ" or "in the guide with this number" on records of this kind."""
        if place == FAQ or self.place == FAQ or not self.place:
            return Q() if place == self.place else Q(pk__in=[])
        keys = self.model._default_manager.order_by().filter(**{self.place: int(place)})
        return Q(pk__in=keys.values("pk"))

    def may(self, request: HttpRequest, action: str) -> bool:
        """Whether the user may "view" or "change" records of this kind at all."""
        record_admin: Any = admin.site._registry[self.model]
        return getattr(record_admin, f"has_{action}_permission")(request)


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "symptom", Symptom, _("Symptoms"), "guide__number", True, "guide", lambda symptom: symptom.guide.short_title
        ),
        Kind("guide", Guide, _("Guides"), "number", True),
        Kind("entry", FaqEntry, _("FAQ entries"), FAQ, True, "category", lambda page: page.category.title),
        Kind("cause", Cause, _("Causes"), "checks__symptom__guide__number"),
        Kind("resolution", Resolution, _("Resolutions"), "causes__checks__symptom__guide__number"),
        Kind("contact-point", ContactPoint, _("Contact points")),
        Kind("category", FaqCategory, _("FAQ categories"), FAQ),
        Kind("synonym", Synonym, _("Synonyms")),
    )
}
PAGES = [kind for kind in KINDS.values() if kind.is_page]
_BY_MODEL = {kind.model: kind for kind in KINDS.values()}


def kind_of(record: Model) -> Kind:
    """The kind of a record. Raises KeyError for what the work list does not know."""
    return _BY_MODEL[type(record)]
