"""Plan of an import, its effects, and the content that it leaves alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, Symptom
from helpdesk.history.diff import as_text
from helpdesk.history.reasons import MAX_LENGTH
from helpdesk.publishcheck import rules
from helpdesk.publishcheck.problems import Problem, ProblemMessage
from helpdesk.search.models import Synonym
from helpdesk.transfer.archive import ImportFile
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.permissions import Operator
from helpdesk.transfer.plan import RowState
from helpdesk.transfer.plan_report import differences
from helpdesk.transfer.run_import import ImportDecision, PlanChanged, run_import
from helpdesk.transfer.schema import record_specs
from helpdesk.transfer.validation import UnfitPages, find_loop
from tests.factories import make_cause, make_faq_category, make_faq_entry, make_guide, make_symptom
from tests.transfer.portals import CONTENT, empty_the_portal, exported, finish, imported, planned, states

pytestmark = pytest.mark.django_db

SMALL = """\
helpdesk bundle: 1
contact points:
  - slug: desk
    name: Desk
    for what: Everything.
    lines:
      - slug: desk-uk
        place: United Kingdom
        number: "+44 20 7710 5600"
resolutions:
  - slug: restart
    title: Restart
    what to do: Restart it. See /s/{symptom}/ and [that](/f/{entry}/).
    contact point: desk
causes:
  - slug: frozen
    title: Is it frozen?
    how to check: Look.
    resolution: restart
  - slug: off
    title: Is it off?
    how to check: Look.
    resolution: restart
guides:
  - slug: device
    number: {guide}
    title: My device
    short title: Device
    symptoms:
      - slug: dark
        number: {symptom}
        title: It stays dark
        checks: [off, frozen]
FAQ:
  - slug: words
    title: Words
    entries:
      - slug: what-is-it
        number: {entry}
        question: What is it?
        answer: A thing.
        related symptoms: [device/dark]
synonyms:
  - customers say: gadget
    the pages say: device
    both ways: yes
"""


def small(guide: int = 2001, symptom: int = 2002, entry: int = 2003) -> str:
    return SMALL.format(guide=guide, symptom=symptom, entry=entry)


def everything() -> dict[Any, list[Any]]:
    """Return all rows that an import could write to."""
    models = (*CONTENT, FormerAddress, HelpNumber)
    rows = {model: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {(model, "history"): list(model.history.order_by("history_id").values()) for model in CONTENT}


def test_written_by_hand_becomes_content() -> None:
    imported(small())
    symptom = Symptom.objects.get(number=2002)
    assert [str(check.cause) for check in symptom.checks.order_by("position")] == ["Is it off?", "Is it frozen?"]
    assert symptom.guide.prompt == "Choose what best describes your situation"
    entry = FaqEntry.objects.get(number=2003)
    assert list(entry.related_symptoms.all()) == [symptom]
    assert Synonym.objects.get().both_ways
    # Those without a number got one above all others.
    assert list(Cause.objects.order_by("slug").values_list("slug", "number", "minutes")) == [
        ("frozen", 2004, None),
        ("off", 2005, None),
    ]
    assert Guide.objects.get().state == "draft"


def test_number_that_is_taken_is_replaced_and_links_follow() -> None:
    first = make_symptom(published=False)
    second = make_faq_entry(published=False)
    text = small(symptom=first.number, entry=second.number)
    _content, plan = planned(text)
    notes = [note for row in plan.rows for note in row.notes]
    assert notes == [
        f"The help number {first.number} belongs to “{first}” here, so this page gets the number 2004.",
        f"The help number {second.number} belongs to “{second}” here, so this page gets the number 2006.",
    ]
    imported(text)
    assert Symptom.objects.get(slug="dark").number == 2004
    assert FaqEntry.objects.get(slug="what-is-it").number == 2006
    assert Resolution.objects.get(slug="restart").body == "Restart it. See /s/2004/ and [that](/f/2006/)."
    assert states(planned(text)[1]) == {}


def test_number_of_another_kind_or_of_a_deleted_page_is_not_given_again() -> None:
    cause = make_cause()
    gone = make_guide()
    number = gone.number
    gone.delete()
    imported(small(guide=cause.number, symptom=number))
    assert Guide.objects.get(slug="device").number not in (cause.number, number)
    assert Symptom.objects.get(slug="dark").number not in (cause.number, number)


def test_deleted_page_comes_back_under_its_own_number(first_content: None) -> None:
    text = exported()
    entry = FaqEntry.objects.first()
    number = entry.number
    entry.delete()
    assert list(states(planned(text)[1]).values()) == ["new"]
    imported(text)
    assert FaqEntry.objects.get(slug=entry.slug).number == number


def test_changed_record_stays_unless_it_is_taken_over() -> None:
    imported(small())
    text = small().replace("It stays dark", "It is dark").replace("checks: [off, frozen]", "checks: [frozen]")
    _content, plan = planned(text)
    assert states(plan) == {"symptom:device/dark": "changed"}
    row = plan.of(RowState.CHANGED)[0]
    shown = {difference.label: as_text(difference.chunks) for difference in differences(plan, row)}
    assert shown == {
        "Title": "It [-stays-]{+is+} dark",
        "Checks": "[-Is it off?-]\n1. Is it frozen?",
    }
    before = everything()
    assert imported(text).is_nothing
    assert everything() == before
    result = imported(text, ["symptom:device/dark"])
    assert dict(result.changed) == {"symptom": 1}
    symptom = Symptom.objects.get()
    assert (symptom.title, [check.cause.slug for check in symptom.checks.all()]) == ("It is dark", ["frozen"])
    assert symptom.history.first().history_type == "~"
    assert sorted(Check.history.values_list("history_type", flat=True)) == ["+", "+", "-", "~"]


def test_every_kind_of_record_can_be_taken_over(first_content: None) -> None:
    text = exported()
    for model in (ContactPoint, Resolution, Cause, Guide, Symptom):
        record = model.objects.first()
        name = "name" if model is ContactPoint else "title"
        setattr(record, name, "Other words")
        record.save()
    entry = FaqEntry.objects.filter(related_symptoms__isnull=False).first()
    entry.question = "Other words?"
    entry.save()
    entry.related_symptoms.clear()
    synonym = Synonym.objects.first()
    synonym.both_ways = not synonym.both_ways
    synonym.save()
    _content, plan = planned(text)
    # They were changed here after the bundle was made, where the bundle knows when.
    assert sorted(states(plan).values()) == ["changed", "changed", *["conflict"] * 5]
    imported(text, [row.id for row in plan.rows])
    assert planned(text)[1].of(RowState.SAME) == planned(text)[1].rows or states(planned(text)[1]) == {}


def test_what_was_changed_here_later_is_to_be_looked_at_twice(first_content: None) -> None:
    text = exported()
    guide = Guide.objects.first()
    guide.title = "Changed here"
    guide.save()
    row = next(row for row in planned(text)[1].rows if row.changed)
    assert (row.state, len(row.reasons)) == (RowState.CONFLICT, 1)
    assert row.reasons[0].startswith("It was changed here more recently than in the file (")
    assert imported(text, ["*"]).is_nothing
    assert Guide.objects.get(pk=guide.pk).title == "Changed here"


def test_same_slug_with_another_number_is_to_be_looked_at_twice() -> None:
    imported(small())
    text = small(guide=3001).replace("My device", "Another device")
    _content, plan = planned(text)
    row = next(row for row in plan.rows if row.changed)
    assert (row.id, row.state) == ("guide:device", RowState.CONFLICT)
    assert row.reasons == ["The slug is the same but the help number differs, so this may be a different page."]
    imported(text, ["guide:device"])
    assert Guide.objects.values_list("title", "number").get() == ("Another device", 2001)


def test_page_is_renamed_by_its_number_and_its_title() -> None:
    imported(small())
    text = small().replace("slug: device\n", "slug: gadget\n").replace("device/dark", "gadget/dark")
    assert states(planned(text)[1]) == {"guide:gadget": "changed"}
    imported(text, ["*"])
    assert Guide.objects.values_list("slug", "number").get() == ("gadget", 2001)
    assert Symptom.objects.count() == 1


def test_slug_of_another_page_cannot_be_taken_over() -> None:
    imported(small())
    make_guide(slug="gadget", title="Occupant", published=False)
    text = small().replace("slug: device\n", "slug: gadget\n").replace("device/dark", "gadget/dark")
    row = next(row for row in planned(text)[1].rows if row.changed)
    assert (row.id, row.obstacle) == ("guide:gadget", "Its slug is used by “Occupant” here.")
    assert imported(text, ["guide:gadget"]).is_nothing


def test_telephone_and_hours_of_an_earlier_version_become_a_line() -> None:
    lines = small()[small().index("    lines:") : small().index("resolutions:")]
    imported(small().replace(lines, '    phone: "0203 000 0000"\n    hours: Always\n'))
    line = ContactLine.objects.get()
    assert (line.slug, line.contact_point.slug, line.number, line.note) == (
        *("desk-line", "desk", "0203 000 0000", "Always"),
    )


def test_references_that_lead_nowhere_are_all_named() -> None:
    text = small().replace("[off, frozen]", "[off, gone]").replace("contact point: desk", "contact point: nobody")
    with pytest.raises(ImportRefused) as refused:
        planned(text)
    assert refused.value.sentences == (
        "Line 11: “contact point”: the contact point “nobody” isn't in the file or the portal.",
        "Line 30: “checks”: the cause “gone” isn't in the file or the portal.",
    )


def test_related_symptom_that_is_nowhere_is_left_out_and_said() -> None:
    text = small().replace("[device/dark]", "[device/dark, other/one]")
    note = "“related symptoms”: “other/one” isn't in the file or the portal, so it's left out."
    assert [note for row in planned(text)[1].rows for note in row.notes] == [note]
    imported(text)
    assert FaqEntry.objects.get().related_symptoms.count() == 1


def test_symptom_is_moved_and_old_links_follow(first_content: None) -> None:
    moved = Symptom.objects.filter(guide__number=1001).last()
    text = exported()
    target = Guide.objects.get(number=1002)
    moved.guide, moved.slug = target, "moved-here"
    moved.save()
    there = exported()
    empty_the_portal()
    imported(text)
    imported(there, [row.id for row in planned(there)[1].rows])
    moved = Symptom.objects.get(number=moved.number)
    assert (moved.guide.number, moved.slug) == (1002, "moved-here")
    assert FormerAddress.objects.filter(number=moved.number, scope=1001).count() == 1


def test_change_in_between_is_not_written_over() -> None:
    imported(small())
    text = small().replace("It stays dark", "It is dark")
    content, plan = planned(text)
    symptom = Symptom.objects.get()
    symptom.title = "Somebody else was faster"
    symptom.save()
    before = everything()
    order = ImportDecision(ImportFile(content), "test.yaml", plan.all_changed(), plan.fingerprint)
    with pytest.raises(PlanChanged):
        finish(run_import(order, Operator()))
    assert everything() == before


def test_record_that_appears_in_between_is_not_written_over() -> None:
    content, plan = planned(small())
    make_guide(slug="device", title="Somebody else's")
    before = everything()
    with pytest.raises(PlanChanged):
        finish(run_import(ImportDecision(ImportFile(content), "test.yaml", (), plan.fingerprint), Operator()))
    assert everything() == before


def test_import_that_is_left_halfway_leaves_nothing() -> None:
    content, plan = planned(small())
    before = everything()
    work = run_import(ImportDecision(ImportFile(content), "test.yaml", (), plan.fingerprint), Operator())
    while next(work).done < 5:
        pass
    assert everything() != before
    work.close()
    assert everything() == before


LOOP = """\
helpdesk bundle: 1
guides:
  - slug: a
    title: A
    short title: A
    symptoms:
      - {slug: x, title: X, leads to: b}
  - slug: b
    title: B
    short title: B
    symptoms:
      - {slug: y, title: Y, leads to: a}
"""


def test_guides_that_lead_in_a_circle_are_refused() -> None:
    before = everything()
    with pytest.raises(ImportRefused) as refused:
        imported(LOOP)
    assert refused.value.sentences == ("This would be a loop: A › B › A. Change one of these steps.",)
    assert everything() == before


@pytest.mark.parametrize(
    ("onward", "loop"),
    [
        ({}, []),
        ({1: {2}, 2: {3}}, []),
        ({1: {2, 3}, 2: {4}, 3: {4}}, []),
        ({1: {2}, 2: {3}, 3: {2}}, [2, 3, 2]),
        ({number: {number + 1} for number in range(5_000)}, []),
    ],
)
def test_way_round_is_found(onward: dict[int, set[int]], loop: list[int]) -> None:
    found = find_loop((start, end) for start, ends in onward.items() for end in ends)
    assert found[:1] == found[-1:]
    assert set(found) == set(loop)
    assert all(end in onward[start] for start, end in pairwise(found))


@pytest.fixture
def rule() -> Iterator[None]:
    """Add a rule to the publish check: no "broken" in the title of a page, nor in a cause that it shows."""

    def no_broken_title(symptom: Any, context: Any) -> Iterator[Problem]:
        if "broken" in symptom.title:
            yield ProblemMessage("test", "The title says that it is broken.").on(symptom)
        for check in symptom.checks.select_related("cause"):
            if "broken" in check.cause.title:
                yield ProblemMessage("test", "A cause says that it is broken.").on(check.cause)

    rules.rules_for(Symptom)(no_broken_title)
    yield
    rules._rules[Symptom].remove(no_broken_title)


def test_page_that_is_not_fit_is_not_made_public(first_content: None, rule: None) -> None:
    text = exported()
    symptom = Symptom.objects.get(number=1101)
    empty_the_portal()
    before = everything()
    with pytest.raises(UnfitPages) as broken:
        imported(text.replace(f"title: {symptom.title}", "title: broken", 1))
    assert broken.value.sentences == ("“broken”: The title says that it is broken.",)
    assert everything() == before
    result = imported(text.replace(f"title: {symptom.title}", "title: broken", 1), as_drafts=True)
    assert result.new["symptom"] == 22
    assert set(Symptom.objects.values_list("publish_at", flat=True)) == {None}


def test_changed_cause_is_checked_on_the_pages_that_show_it(first_content: None, rule: None) -> None:
    cause = Check.objects.filter(symptom__number=1101).first().cause
    text = exported().replace(f"title: {cause.title}", "title: broken cause")
    with pytest.raises(UnfitPages) as broken:
        imported(text, ["*"])
    assert set(broken.value.sentences) == {
        f"“{check.symptom}”: A cause says that it is broken." for check in cause.checks.select_related("symptom")
    }


def test_fields_that_are_written_are_all_fields_of_the_content() -> None:
    """A new field of a model is exported without a word anywhere."""
    for spec in record_specs():
        known = {field.name for field in spec.all_fields} | {"id", "updated_at"}
        fields = {field.name for field in [*spec.model._meta.fields, *spec.model._meta.many_to_many]}
        assert fields - known == set(), spec.name


def test_no_name_of_a_file_is_too_long_for_the_history() -> None:
    content, plan = planned(small())
    finish(run_import(ImportDecision(ImportFile(content), "x" * 300, (), plan.fingerprint), Operator()))
    assert len(Guide.history.get().history_change_reason) == MAX_LENGTH


def test_two_categories_keep_their_own_entries() -> None:
    first, second = make_faq_category(slug="a"), make_faq_category(slug="b")
    make_faq_entry(category=first, slug="one", published=False)
    make_faq_entry(category=second, slug="two", published=False)
    text = exported()
    empty_the_portal()
    imported(text)
    assert dict(FaqEntry.objects.values_list("slug", "category__slug")) == {"one": "a", "two": "b"}


def test_what_stands_in_a_guide_is_checked_when_it_becomes_public(first_content: None, rule: None) -> None:
    guide = Guide.objects.get(number=1001)
    text = exported()
    Symptom.objects.filter(number=1101).update(title="broken")
    guide.publish_at = None
    guide.save()
    with pytest.raises(UnfitPages) as broken:
        imported(text, ["guide:trading-platform-login"])
    assert broken.value.sentences == ("“broken”: The title says that it is broken.",)
