"""A prepared queryset gives what the queryset gives."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.http import HttpRequest

from helpdesk.guides.models import Check, Guide, Symptom
from helpdesk.guides.page_lookup import find_symptom
from helpdesk.web.compiled_query import Prepared, Slot
from tests import factories

pytestmark = pytest.mark.django_db


def values_of(record: Any) -> dict[str, Any]:
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


def test_records_are_those_of_the_queryset(django_assert_num_queries: Any) -> None:
    contact = factories.make_contact_point()
    resolution = factories.make_resolution(contact_point=contact)
    alone = factories.make_cause()  # its resolution names nobody
    symptom = factories.make_symptom(causes=[factories.make_cause(resolution=resolution), alone])
    prepared = Prepared(lambda request: Check.objects.for_page().filter(symptom_id=Slot("symptom")))
    prepared.all(HttpRequest(), symptom=0)
    with django_assert_num_queries(1):
        found = list(prepared.all(HttpRequest(), symptom=symptom.pk))
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
    prepared = Prepared(lambda request: Guide.objects.filter(slug=Slot("slug")))
    found = [prepared.first(HttpRequest(), slug=slug) for slug in ("a", "b", "%s", "' OR 1=1 --", "a\0"[:1])]
    assert [guide and guide.slug for guide in found] == ["a", "b", None, None, "a"]


def test_annotation_stands_at_the_record_and_in_its_key() -> None:
    guide = factories.make_guide()
    prepared = Prepared(lambda request: Guide.objects.annotate(twice=F("position") * 2).filter(pk=Slot("pk")))
    before: Any = prepared.first(HttpRequest(), pk=guide.pk)
    Guide.objects.update(position=4)
    after: Any = prepared.first(HttpRequest(), pk=guide.pk)
    assert (before.twice, after.twice) == (0, 8)
    assert before.content_key != after.content_key


def test_record_can_be_changed_and_saved() -> None:
    guide = factories.make_guide(title="Before")
    prepared = Prepared(lambda request: Guide.objects.only("title").filter(pk=Slot("pk")))
    found: Any = prepared.first(HttpRequest(), pk=guide.pk)
    assert found.slug == guide.slug  # fetched when it is asked for
    found.title = "After"
    found.save()
    assert Guide.objects.get().title == "After"


def test_column_is_read_without_making_records() -> None:
    causes = [factories.make_cause(slug=slug) for slug in ("b", "a")]
    symptom = factories.make_symptom(causes=causes)
    found = find_symptom(HttpRequest(), symptom.guide.slug, symptom.slug)
    assert found.check_slugs == ("b", "a")
    assert found.checks_in_order.records is None  # type: ignore[attr-defined]
    assert [check.cause.slug for check in found.checks_in_order] == ["b", "a"]
    assert Symptom.objects.get().check_slugs == ("b", "a")
