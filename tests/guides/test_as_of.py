"""Guides, symptoms and FAQ entries as they were at a moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.utils import translation

from helpdesk.faq.as_of import entry_at
from helpdesk.guides.as_of import SYMPTOM_PAGE, SymptomHiddenReason, contacts_at, hidden_reason, situations_at
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.history.as_of import HiddenReason, RecordsAt
from helpdesk.history.page_history import page_history
from tests.accounts.staff_people import editor
from tests.browsing import Page
from tests.contentadmin.forms import url_of
from tests.factories import make_cause, make_contact_point, make_faq_entry, make_guide, make_resolution, make_symptom
from tests.history.histories import day, on

pytestmark = pytest.mark.django_db


def said(pk: int, number: int) -> Any:
    """What a symptom's page said on a day of March: its guide, title, and of each check all that is shown."""
    symptom = RecordsAt(day(number, hour=18)).get(Symptom, pk, SYMPTOM_PAGE)
    if symptom is None:
        return None
    checks = [
        (check.cause.title, check.cause.resolution.body, check.cause.resolution.contact_point.name)
        for check in symptom.checks.all()
    ]
    return symptom.guide.title, symptom.title, checks


def test_symptom_is_as_it_was_through_every_kind_of_change(django_assert_num_queries: Any) -> None:
    with on(day(1)):
        first, second = make_contact_point(name="Desk 1"), make_contact_point(name="Desk 2")
        one, two = (
            make_resolution(body="Do one", contact_point=first),
            make_resolution(body="Do two", contact_point=second),
        )
        a, b = make_cause(title="A", resolution=one), make_cause(title="B", resolution=two)
        guide = make_guide(title="Guide")
        symptom = make_symptom(guide=guide, title="First", causes=[a, b])
    with on(day(2)):
        Symptom.objects.update(title="Second", slug="renamed")
        Guide.objects.update(title="Guide renamed")
    with on(day(3)):
        Check.objects.reorder(symptom, [b, a])
    with on(day(4)):
        Cause.objects.filter(pk=a.pk).update(title="A again", resolution=two)
    with on(day(5)):
        Resolution.objects.filter(pk=two.pk).update(body="Do two otherwise", contact_point=first)
    with on(day(6)):
        ContactPoint.objects.filter(pk=first.pk).update(name="Desk 3")
    with on(day(7)):
        Check.objects.reorder(symptom, [a])
    key = symptom.pk
    with on(day(8)):
        symptom.delete()
    one_then, two_then = ("A", "Do one", "Desk 1"), ("B", "Do two", "Desk 2")
    assert [said(key, number) for number in range(1, 9)] == [
        ("Guide", "First", [one_then, two_then]),
        ("Guide renamed", "Second", [one_then, two_then]),
        ("Guide renamed", "Second", [two_then, one_then]),
        ("Guide renamed", "Second", [two_then, ("A again", "Do two", "Desk 2")]),
        ("Guide renamed", "Second", [("B", "Do two otherwise", "Desk 1"), ("A again", "Do two otherwise", "Desk 1")]),
        ("Guide renamed", "Second", [("B", "Do two otherwise", "Desk 3"), ("A again", "Do two otherwise", "Desk 3")]),
        ("Guide renamed", "Second", [("A again", "Do two otherwise", "Desk 3")]),
        None,
    ]
    assert RecordsAt(day(1) - timedelta(microseconds=1)).get(Symptom, key) is None
    with django_assert_num_queries(7):
        said(key, 5)


def test_check_whose_text_of_then_nobody_kept_is_left_out_and_counted() -> None:
    unknown = make_cause(title="Never recorded")
    with on(day(1)):
        symptom = make_symptom(causes=[make_cause(title="A"), unknown])
        Cause.history.filter(id=unknown.pk).delete()
    records = RecordsAt(day(2))
    found = records.get(Symptom, symptom.pk, SYMPTOM_PAGE)
    assert ([check.cause.title for check in found.checks.all()], records.lost) == (["A"], 1)
    response = editor().get(url_of(symptom, "history_at"), {"date": "2026-03-02"})
    content = response.content.decode()
    assert "1 check is missing here because its text at that time wasn't kept." in content
    assert "Never recorded" not in content


@pytest.mark.parametrize(
    ("change", "reason", "because"),
    [
        (lambda symptom: None, None, ""),
        (lambda symptom: Symptom.objects.update(publish_at=None), HiddenReason.DRAFT, "It was a draft."),
        (
            lambda symptom: Symptom.objects.update(publish_at=day(20)),
            HiddenReason.SCHEDULED,
            "It was scheduled.",
        ),
        (lambda symptom: Symptom.objects.update(archive_at=day(2)), HiddenReason.ARCHIVED, "It was archived."),
        (
            lambda symptom: Guide.objects.update(publish_at=None),
            SymptomHiddenReason.GUIDE,
            "Its guide wasn't published.",
        ),
    ],
)
def test_page_says_whether_visitors_saw_it_then(change: Any, reason: Any, because: str) -> None:
    with on(day(1)):
        symptom = make_symptom()
    with on(day(3)):
        change(symptom)
    with on(day(5)):
        Symptom.objects.update(publish_at=day(1), archive_at=None)
        Guide.objects.update(publish_at=day(1))
    assert hidden_reason(RecordsAt(day(4)).get(Symptom, symptom.pk, SYMPTOM_PAGE), day(4)) == reason
    response = editor().get(url_of(symptom, "history_at"), {"date": "2026-03-04"})
    text = Page("", response.content.decode()).text
    assert ("Visitors saw it." in text, f"Visitors didn't see it. {because}" in text) == (not because, bool(because))


def test_guide_has_the_situations_that_visitors_saw_then_in_the_order_of_then() -> None:
    with on(day(1)):
        guide, hidden = make_guide(title="Guide"), make_guide(published=False)
        first = make_symptom(guide=guide, title="First", position=1)
        make_symptom(guide=guide, title="Second", position=2)
        make_symptom(guide=guide, title="Draft", position=3, published=False)
        make_symptom(guide=guide, title="Dead end", leads_to=hidden, position=4)
    with on(day(3)):
        Symptom.objects.filter(pk=first.pk).update(position=9, title="First renamed")
    with on(day(5)):
        Symptom.objects.filter(pk=first.pk).update(guide=make_guide())
    titles = [[s.title for s in situations_at(guide, day(number))] for number in (2, 4, 6)]
    assert titles == [["First", "Second"], ["Second", "First renamed"], ["Second"]]
    response = editor().get(url_of(guide, "history_at"), {"date": "2026-03-02"})
    content = response.content.decode()
    seen = [text in content for text in (">First</strong>", "First renamed", "Draft")]
    assert (response.status_code, seen) == (200, [True, False, False])


def test_situations_of_a_hidden_guide_are_the_same_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    with on(day(1)):
        guide = make_guide(published=False)
        make_symptom(guide=guide, title="Public")
        make_symptom(guide=guide, title="Draft", published=False)
    calls = count()
    monkeypatch.setattr(translation._trans, "gettext", lambda text: f"{next(calls)} {text}")
    with translation.override("xx"):
        assert [symptom.title for symptom in situations_at(guide, day(2))] == ["Public"]
        assert SymptomHiddenReason.GUIDE.label.endswith(" Its guide wasn't published.")


def test_symptom_that_led_on_shows_the_guide_of_then() -> None:
    with on(day(1)):
        onward = make_guide(title="Onward", prompt="Which one then?")
        make_symptom(guide=onward, title="Then")
        symptom = make_symptom(leads_to=onward)
    with on(day(3)):
        Guide.objects.filter(pk=onward.pk).update(prompt="Which one now?")
        Symptom.objects.filter(guide=onward).update(title="Now")
    content = editor().get(url_of(symptom, "history_at"), {"date": "2026-03-02"}).content.decode()
    assert [word in content for word in ("Which one then?", "Then", "Which one now?", "Now<")] == [
        True,
        True,
        False,
        False,
    ]


def test_entry_is_as_it_was_with_its_category_and_related_symptoms() -> None:
    with on(day(1)):
        one, two = make_symptom(title="One"), make_symptom(title="Two", published=False)
        entry = make_faq_entry(question="Old?", answer="Old answer.")
        entry.related_symptoms.set([one, two])
    with on(day(3)):
        entry.question, entry.answer = "New?", "New answer."
        entry.save()
        entry.related_symptoms.clear()
        entry.category.title = "New topic"
        entry.category.save()
        Symptom.objects.filter(pk=one.pk).update(title="One renamed")
    found = entry_at(entry.pk, day(2))
    assert (found.question, found.category.title, [s.title for s in found.related]) == ("Old?", "Signing in", ["One"])
    response = editor().get(url_of(entry, "history_at"), {"date": "2026-03-02"})
    content = response.content.decode()
    assert (response.status_code, "Old answer." in content) == (200, True)
    for new in ("New?", "New answer.", "New topic", "One renamed"):
        assert new not in content


def test_people_are_those_of_then() -> None:
    with on(day(1)):
        contact = make_contact_point(name="Then")
    with on(day(3)):
        contact.name = "Now"
        contact.save()
        make_contact_point(name="Later")
    assert [c.name for c in contacts_at(day(2))] == ["Then"]


def test_what_stood_on_a_page_is_known_for_each_moment() -> None:
    with on(day(1)):
        old, new = make_resolution(title="Old"), make_resolution(title="New")
        a, b = make_cause(title="A", resolution=old), make_cause(title="B", resolution=new)
        symptom, other = make_symptom(causes=[a]), make_symptom(causes=[])
    with on(day(3)):
        Cause.objects.filter(pk=a.pk).update(resolution=new)
    with on(day(5)):
        Check.objects.reorder(symptom, [b])
    with on(day(7)):
        Check.objects.filter(symptom=symptom).update(symptom=other)
    page = page_history(Symptom, symptom.pk)
    own = (Symptom, symptom.pk)
    assert [set(page.records_at(day(number))) for number in (2, 4, 6, 8)] == [
        {own, (Cause, a.pk), (Resolution, old.pk)},
        {own, (Cause, a.pk), (Resolution, new.pk)},
        {own, (Cause, b.pk), (Resolution, new.pk)},
        {own},
    ]
    assert [page.order_at(day(number)) for number in (2, 6, 8)] == [((Cause, a.pk),), ((Cause, b.pk),), ()]
