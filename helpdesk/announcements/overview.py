"""Announcements on pages that are about more than one guide: the home page and the search."""

from __future__ import annotations

from collections.abc import Set

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from helpdesk.announcements.models import WORST_FIRST, Announcement, AnnouncementQuerySet, Place, is_for_portal
from helpdesk.content.audience import Audience
from helpdesk.content.compiled_query import CompiledQuery
from helpdesk.content.publishing import is_published

# Stands for the whole portal among help numbers of pages.
PORTAL = 0


def _with_pages(audience: Audience) -> AnnouncementQuerySet:
    """Return one row for each announcement and page chosen, with the guide that it is or that it is in."""

    def seen(*prefixes: str) -> ExpressionWrapper:
        """Return the condition that the audience sees the rows behind these lookups."""
        condition = Q(**{f"{prefixes[0]}pk__isnull": False})
        if not audience.is_preview or audience.as_of is not None:
            for prefix in prefixes:
                condition &= is_published(prefix, at=audience.as_of)
        return ExpressionWrapper(condition, output_field=BooleanField())

    rows = Announcement.objects.visible_to(audience).annotate(
        concerns_portal=ExpressionWrapper(is_for_portal(), output_field=BooleanField()),
        guide_seen=seen("guides__"),
        guide_number=F("guides__number"),
        guide_slug=F("guides__slug"),
        guide_name=F("guides__short_title"),
        symptom_seen=seen("symptoms__", "symptoms__guide__"),
        symptom_number=F("symptoms__number"),
        symptom_guide_slug=F("symptoms__guide__slug"),
        symptom_guide_name=F("symptoms__guide__short_title"),
    )
    in_order = [f"{guide}__{name}" for guide in ("guides", "symptoms__guide") for name in ("position", "number")]
    return rows.order_by("-starts_at", "-pk", *in_order)


_everywhere = CompiledQuery(_with_pages)


def current_with_places(audience: Audience, among: Set[int] | None = None) -> list[Announcement]:
    """Return what is announced for the portal and for guides or symptoms, the worst first, each with its `places`.

    With `among`, only what is for the portal or for a page with one of these help numbers. One query.
    """
    found: dict[int, Announcement] = {}
    numbers: dict[int, set[int]] = {}
    for row in _everywhere.all(audience):
        pages = _pages(row)
        announcement = found.setdefault(row.pk, row)
        announcement.places = tuple(dict.fromkeys((*announcement.places, *pages.values())))
        numbers.setdefault(row.pk, set()).update(pages, [PORTAL] if vars(row)["concerns_portal"] else [])
    shown = [found[pk] for pk, its in numbers.items() if (its if among is None else its & {PORTAL, *among})]
    return sorted(shown, key=lambda announcement: WORST_FIRST.index(announcement.severity))


def _pages(row: Announcement) -> dict[int, Place]:
    """Return the guide of each page of a row that is seen, by the page's help number."""
    values = vars(row)
    pages = {}
    if values["guide_seen"]:
        pages[values["guide_number"]] = Place(values["guide_slug"], values["guide_name"])
    if values["symptom_seen"]:
        pages[values["symptom_number"]] = Place(values["symptom_guide_slug"], values["symptom_guide_name"])
    return pages
