"""Lookup of the home page: its guides, and the most common situations in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, FilteredRelation, Min, OuterRef, Q, QuerySet, Subquery

from helpdesk.content.audience import Audience
from helpdesk.content.compiled_query import CompiledQuery
from helpdesk.guides.models import Check, Guide, Symptom

MOST_COMMON = 5


class CommonSituation(NamedTuple):
    """A situation among the most common ones, by its values. `cause` is the key of its one cause, if it has one."""

    guide_slug: str
    guide_name: str
    slug: str
    title: str
    cause: int | None
    is_in_several: bool = False  # another one has the same title, so the guide has to be named


def most_common(situations: Iterable[CommonSituation]) -> list[CommonSituation]:
    """Return the first of the situations; those of one title and one and the same cause count as one."""
    different: dict[tuple[str, int | str], CommonSituation] = {}
    for place, one in enumerate(situations):
        different.setdefault((one.title.casefold(), one.cause or f"no. {place}"), one)
    titles = Counter(title for title, _cause in different)
    named = [one._replace(is_in_several=titles[title] > 1) for (title, _cause), one in different.items()]
    return named[:MOST_COMMON]


def _with_common_situations(audience: Audience) -> QuerySet[Guide]:
    """Return each guide as often as it has common situations, hidden ones among them, and at least once."""
    visible = Symptom.objects.visible_to(audience).filter(pk=OuterRef("common"))
    only_cause = (
        Check.objects.filter(symptom=OuterRef("common"))
        .order_by()
        .values("symptom")
        .annotate(causes=Count("pk"), only=Min("cause"))
        .filter(causes=1)
        .values("only")
    )
    return (
        Guide.objects.visible_to(audience)
        .annotate(
            symptom_count=Symptom.objects.visible_to(audience).count_in_guide(),
            common=FilteredRelation("symptoms", condition=Q(symptoms__on_home=True)),
            common_slug=F("common__slug"),
            common_title=F("common__title"),
            common_cause=Subquery(only_cause),
            common_visible=Exists(visible),
        )
        .order_by("position", "number", F("common__group__position").asc(nulls_first=True), "common__position")
        .only("slug", "title", "short_title", "introduction", "icon")
    )


_guides = CompiledQuery(_with_common_situations)


def guides_of_home(audience: Audience) -> tuple[Sequence[Guide], Sequence[CommonSituation]]:
    """Return the guides in order, each with its `symptom_count`, and the most common situations. One query."""
    rows: Sequence[Any] = _guides.all(audience)
    marked = [row for row in rows if row.common_visible]
    common = [
        CommonSituation(row.slug, row.short_title, row.common_slug, row.common_title, row.common_cause)
        for row in marked
    ]
    return list({row.pk: row for row in rows}.values()), most_common(common)
