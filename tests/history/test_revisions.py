"""Whatever writes a record leaves one version of it in its history, and that is what is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, QuerySet
from django.test.utils import CaptureQueriesContext

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Check, Guide, Resolution, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import record_versions, revision
from helpdesk.search.models import Synonym
from tests.accounts.staff_people import editor, make_user
from tests.contentadmin.forms import save
from tests.factories import PUBLISHED_AT, make_cause, make_faq_entry, make_guide, make_resolution, make_symptom

pytestmark = pytest.mark.django_db


def versions(model: Any, *fields: str) -> list[tuple[Any, ...]]:
    """All versions of a model, oldest first: kind, reason, and the fields."""
    rows = model.history.order_by("history_id")
    return list(rows.values_list("history_type", "history_change_reason", *fields))


def new_synonyms(number: int) -> list[Synonym]:
    return [Synonym(words=f"w{place}", means="m") for place in range(number)]


def written(change: Callable[[], Any], model: Any, *fields: str) -> list[tuple[Any, ...]]:
    """The versions that a change of records with a first version leaves."""
    before = set(model.history.values_list("history_id", flat=True))
    change()
    rows = model.history.exclude(history_id__in=before).order_by("history_id")
    return list(rows.values_list("history_type", "history_change_reason", *fields))


def test_save_leaves_one_version() -> None:
    synonym = Synonym.objects.create(words="a", means="m")
    synonym.words = "b"
    synonym.save()
    assert versions(Synonym, "words") == [("+", None, "a"), ("~", None, "b")]


def test_save_of_what_the_database_works_out_has_its_result() -> None:
    guide = make_guide(position=1)
    guide.position = F("position") + 1
    guide.save()
    assert versions(Guide, "position") == [("+", None, 1), ("~", None, 2)]


def test_save_that_changes_nothing_leaves_nothing() -> None:
    guide = make_guide()
    assert written(guide.save, Guide) == []


def test_update_leaves_one_version_of_each() -> None:
    Synonym.objects.bulk_create(new_synonyms(3))
    assert versions(Synonym, "words") == [("+", Reason.ADDED_WITH.of(2), f"w{n}") for n in range(3)]
    changed = written(lambda: Synonym.objects.exclude(words="w0").update(means="other"), Synonym, "words", "means")
    reason = Reason.CHANGED_WITH.of(1)
    assert changed == [("~", reason, "w1", "other"), ("~", reason, "w2", "other")]


def test_bulk_update_leaves_one_version_of_each() -> None:
    synonyms = Synonym.objects.bulk_create(new_synonyms(3))
    for synonym in synonyms:
        synonym.means = "other"
    # In portions of two, and still together with all.
    changed = written(lambda: Synonym.objects.bulk_update(synonyms, ["means"], batch_size=2), Synonym, "words")
    assert changed == [("~", Reason.CHANGED_WITH.of(2), f"w{n}") for n in range(3)]


def test_bulk_create_that_ignores_conflicts_leaves_versions_of_what_is_new() -> None:
    Synonym.objects.create(words="w0", means="m")
    again = lambda: Synonym.objects.bulk_create(new_synonyms(2), ignore_conflicts=True)  # noqa: E731
    assert written(again, Synonym, "words") == [("+", None, "w1")]


def test_deletion_of_many_leaves_one_version_of_each_and_of_what_went_along() -> None:
    symptom, other = make_symptom(causes=[make_cause(), make_cause()]), make_symptom()
    keys = list(symptom.checks.values_list("pk", flat=True))
    assert Symptom.objects.filter(pk=symptom.pk).delete()[1]["guides.Check"] == 2
    assert Symptom.history.filter(history_type="-").values_list("id").get() == (symptom.pk,)
    gone = Check.history.filter(history_type="-").order_by("id")
    assert list(gone.values_list("id", "symptom_id")) == [(key, symptom.pk) for key in keys]
    assert other.history.count() == 1
    moments = {*gone.values_list("history_date", flat=True), Symptom.history.latest().history_date}
    assert len(moments) == 1


def test_deleted_record_is_in_memory_as_django_leaves_it() -> None:
    guide = make_guide()
    number = guide.number
    guide.delete()
    assert (guide.pk, versions(Guide, "number")) == (None, [("+", None, number), ("-", None, number)])


def dumped(*records: Model) -> str:
    return serializers.serialize("json", records)


def test_load_leaves_one_version_the_second_time_none(tmp_path: Path) -> None:
    entry = make_faq_entry(question="Before", related_symptoms=[make_symptom()])
    content = json.loads(dumped(entry))
    content[0]["fields"] |= {"question": "After", "related_symptoms": []}
    file = tmp_path / "entry.json"
    file.write_text(json.dumps(content))
    load = lambda: call_command("loaddata", str(file), verbosity=0)  # noqa: E731
    assert written(load, FaqEntry, "question") == [("~", Reason.LOADED, "After")]
    assert entry.history.first().related_symptoms.count() == 0
    assert written(load, FaqEntry) == []


def test_raw_save_by_itself_is_in_the_history() -> None:
    content = dumped(Synonym(words="a", means="m", updated_at=PUBLISHED_AT))
    for found in serializers.deserialize("json", content):
        found.save()
    assert versions(Synonym, "words") == [("+", Reason.LOADED, "a")]


def test_admin_save_with_relations_leaves_one_version_with_its_author() -> None:
    entry = make_faq_entry(question="Before")
    symptom = make_symptom()
    client = editor("Ada")
    change = lambda: save(client, entry, question="After", related_symptoms=[symptom.pk])  # noqa: E731
    assert written(change, FaqEntry, "question", "history_user__username") == [("~", None, "After", "Ada")]
    assert list(entry.history.first().related_symptoms.values_list("symptom_id", flat=True)) == [symptom.pk]


def test_relation_changed_from_the_other_side_is_in_the_history() -> None:
    entry, symptom = make_faq_entry(), make_symptom()
    assert len(written(lambda: symptom.faq_entries.add(entry), FaqEntry)) == 1
    assert entry.history.first().related_symptoms.count() == 1
    assert len(written(symptom.faq_entries.clear, FaqEntry)) == 1
    assert entry.history.first().related_symptoms.count() == 0


def test_deleted_record_keeps_its_relations_in_the_history() -> None:
    symptom = make_symptom()
    entry = make_faq_entry(related_symptoms=[symptom])
    entry.delete()
    last = FaqEntry.history.latest()
    assert (last.history_type, last.related_symptoms.get().symptom_id) == ("-", symptom.pk)


def test_new_order_of_checks_leaves_no_positions_on_the_way() -> None:
    first, second, third = (make_cause(title=title) for title in "ABC")
    symptom = make_symptom(causes=[first, second, third])
    change = lambda: Check.objects.reorder(symptom, [third, first])  # noqa: E731
    changes = written(change, Check, "cause__title", "position")
    assert sorted(changes) == [("-", None, "B", 2), ("~", None, "A", 2), ("~", None, "C", 1)]
    taken = lambda: symptom.checks.get(cause=third).delete()  # noqa: E731
    assert sorted(written(taken, Check, "cause__title", "position")) == [("-", None, "C", 1), ("~", None, "A", 1)]


def test_many_steps_together_are_one_version() -> None:
    guide = make_guide(title="A")

    def change() -> None:
        with revision("Tidied up", user=make_user(name="Ada")):
            for title in "BCD":
                guide.title = title
                guide.save()
            Guide.objects.filter(pk=guide.pk).update(position=7)

    expected = [("~", "Tidied up", "D", 7, "Ada")]
    assert written(change, Guide, "title", "position", "history_user__username") == expected


def test_what_is_taken_back_leaves_no_version() -> None:
    guide = make_guide(title="A")

    def failing() -> None:
        with revision():
            Guide.objects.update(title="B")
            Guide.objects.update(title="")

    def taken_back_inside() -> None:
        with revision():
            with transaction.atomic():
                Guide.objects.update(title="B")
                Guide.objects.create(slug="new", title="C", short_title="C")
                transaction.set_rollback(True)
            Guide.objects.update(position=3)

    def failed() -> None:
        with pytest.raises(IntegrityError):
            failing()

    assert written(failed, Guide) == []
    assert written(taken_back_inside, Guide, "id", "title", "position") == [("~", None, guide.pk, "A", 3)]


def test_history_of_writes_past_the_models_is_caught_up_in_bulk() -> None:
    past: Any = QuerySet(Synonym)
    past.bulk_create(new_synonyms(3))
    past.update(means="other")
    assert versions(Synonym) == []
    keys = list(Synonym.objects.order_by("pk").values_list("pk", flat=True))
    assert record_versions(Synonym, keys, reason="Imported") == 3
    assert record_versions(Synonym, keys) == 0
    past.filter(words="w0")._raw_delete(past.db)
    past.filter(words="w1").update(means="third")
    assert record_versions(Synonym, keys, user=make_user(name="Ada")) == 2
    assert versions(Synonym, "words", "means", "history_user__username") == [
        ("+", "Imported", "w0", "other", None),
        ("+", "Imported", "w1", "other", None),
        ("+", "Imported", "w2", "other", None),
        ("-", None, "w0", "other", "Ada"),
        ("~", None, "w1", "third", "Ada"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Resolution.objects.update(title="Other"),
        lambda: Resolution.objects.bulk_update([_titled(r) for r in Resolution.objects.all()], ["title"]),
        lambda: Resolution.objects.bulk_create([Resolution(slug=f"x{n}", title="t", body="b") for n in range(5)]),
    ],
    ids=["update", "bulk_update", "bulk_create"],
)
def test_history_of_many_takes_few_queries(change: Callable[[], Any]) -> None:
    costs = []
    for number in (3, 30):
        while Resolution.objects.count() < number:
            make_resolution()
        with CaptureQueriesContext(connection) as queries:
            change()
        Resolution.objects.filter(slug__startswith="x").delete()
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 9


def _titled(resolution: Resolution) -> Resolution:
    resolution.title = "Another"
    return resolution


def test_first_content_is_loaded_with_its_history_in_few_queries() -> None:
    with CaptureQueriesContext(connection) as queries:
        call_command("load_first_content", stdout=StringIO())
    statements = [query["sql"] for query in queries]
    inserts = [sql for sql in statements if sql.startswith("INSERT INTO") and "historical" in sql]
    assert (Check.history.count(), len(inserts)) == (Check.objects.count(), 14)  # one for each table
