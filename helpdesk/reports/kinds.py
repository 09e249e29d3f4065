"""Content kinds in the reports: which of them a user may view, and the place where their records belong."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from helpdesk.content.kinds import ContentKind, all_kinds


def listed_kinds() -> list[ContentKind]:
    """Return all kinds, those with a public life first."""
    return sorted(all_kinds(), key=lambda kind: not kind.is_publishable)


def publishable_kinds() -> list[ContentKind]:
    """Return the kinds whose records have a public life: the publish check looks at each of them."""
    return [kind for kind in all_kinds() if kind.is_publishable]


def may_view(request: HttpRequest, kind: ContentKind) -> bool:
    """Return whether the user may view records of a kind at all."""
    model_admin = admin.site._registry.get(kind.model)
    return model_admin is not None and model_admin.has_view_permission(request)


def records_of_kind(kind: ContentKind) -> QuerySet[Any]:
    """Return all records of a kind with what their path needs. One query."""
    return kind.with_parent(kind.objects.order_by())


def is_in_place(kind: ContentKind, place: str) -> Q:
    """Return the condition "in this place" on records of a kind: a guide by its number, or an app by its label."""
    if kind.guide_lookup and place.isdecimal():
        records = kind.objects.order_by().filter(**{kind.guide_lookup: int(place)})
        return Q(pk__in=records.values("pk"))
    return Q() if place == app_place(kind) else Q(pk__in=[])


def app_place(kind: ContentKind) -> str:
    """Return the label of the app that the records of a kind are found under, where that is not a guide."""
    return "" if kind.guide_lookup else kind.model._meta.app_label


def app_places() -> list[tuple[str, str]]:
    """Return label and name of each app with pages that belong to no guide, such as the Technical FAQ."""
    labels = dict.fromkeys(app_place(kind) for kind in publishable_kinds())
    return [(label, str(apps.get_app_config(label).verbose_name)) for label in labels if label]
