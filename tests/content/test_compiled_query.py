"""A compiled query gives what its queryset gives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from helpdesk.content.audience import VISITOR, Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.guides.models import Check, Guide
from tests import factories

pytestmark = pytest.mark.django_db


def values_of(record: Any) -> dict[str, Any]:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def test_records_are_those_of_the_queryset(django_assert_num_queries: Any) -> None:
    contact = factories.make_contact_point()
    resolution = factories.make_resolution(contact_point=contact)
    alone = factories.make_cause()  # its resolution names nobody
    symptom = factories.make_symptom(causes=[factories.make_cause(resolution=resolution), alone])
    query = CompiledQuery(lambda audience: Check.objects.for_page().filter(symptom_id=Param("symptom")))
    query.all(VISITOR, symptom=0)
    with django_assert_num_queries(1):
        found = list(query.all(VISITOR, symptom=symptom.pk))
        mine = [(check, check.cause, check.cause.resolution, check.cause.resolution.contact_point) for check in found]
    theirs = [
        (check, check.cause, check.cause.resolution, check.cause.resolution.contact_point)
        for check in Check.objects.for_page().filter(symptom=symptom)
    ]
    assert [[record and values_of(record) for record in row] for row in mine] == [
        [record and values_of(record) for record in row] for row in theirs
    ]
    assert mine == theirs
    assert mine[1][3] is None
    assert not found[0]._state.adding


def test_values_of_a_call_stay_with_it() -> None:
    for slug in ("a", "b"):
        factories.make_guide(slug=slug)
    query = CompiledQuery(lambda audience: Guide.objects.filter(slug=Param("slug")))
    found = [query.first(VISITOR, slug=slug) for slug in ("a", "b", "%s", "' OR 1=1 --", "a\0"[:1])]
    assert [guide and guide.slug for guide in found] == ["a", "b", None, None, "a"]


def test_annotation_stands_at_the_record() -> None:
    guide = factories.make_guide()
    query = CompiledQuery(lambda audience: Guide.objects.annotate(twice=F("position") * 2).filter(pk=Param("pk")))
    before: Any = query.first(VISITOR, pk=guide.pk)
    Guide.objects.update(position=4)
    after: Any = query.first(VISITOR, pk=guide.pk)
    assert (before.twice, after.twice) == (0, 8)


def test_record_can_be_changed_and_saved() -> None:
    guide = factories.make_guide(title="Before")
    query = CompiledQuery(lambda audience: Guide.objects.only("title").filter(pk=Param("pk")))
    found: Any = query.first(VISITOR, pk=guide.pk)
    assert found.slug == guide.slug  # fetched when it is asked for
    found.title = "After"
    found.save()
    assert Guide.objects.get().title == "After"


def test_preview_asks_for_what_its_audience_may_see() -> None:
    soon = timezone.now() + timedelta(days=1)
    factories.make_guide(slug="open")
    factories.make_guide(slug="coming", publish_at=soon)
    factories.make_guide(slug="draft", published=False)
    query = CompiledQuery(lambda audience: Guide.objects.visible_to(audience).order_by("slug"))
    audiences = [VISITOR, Audience(is_preview=True, as_of=soon), Audience(is_preview=True), VISITOR]
    assert [[guide.slug for guide in query.all(audience)] for audience in audiences] == [
        ["open"],
        ["coming", "open"],
        ["coming", "draft", "open"],
        ["open"],
    ]
