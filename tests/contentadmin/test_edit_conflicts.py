"""Two editors with the same record open."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from helpdesk.guides.models import Check, ContactPoint, Guide
from helpdesk.search.models import Synonym
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import opened, read_form, save, url_of
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)

pytestmark = pytest.mark.django_db


def make_synonym() -> Synonym:
    return Synonym.objects.create(words="dongle", means="security device")


TITLES = {
    make_guide: "title",
    make_symptom: "title",
    make_cause: "title",
    make_resolution: "title",
    make_contact_point: "name",
    make_faq_category: "title",
    make_faq_entry: "question",
    make_synonym: "words",
}


@pytest.mark.parametrize(("make", "field"), TITLES.items())
def test_second_editor_is_told_and_keeps_his_text(make: Any, field: str) -> None:
    record = make()
    ada, bob = editor("Ada"), editor("Bob")
    theirs, his = opened(ada, url_of(record)), opened(bob, url_of(record))
    assert save(ada, record, theirs, **{field: "Hers <b>"}).status_code == 302

    response = save(bob, record, his, **{field: "His"})
    content = response.content.decode()
    assert response.status_code == 200
    assert "Ada saved this page while you were editing" in content
    assert [difference.stored for difference in response.context["differences"]] == ["Hers <b>"]
    assert "Hers &lt;b&gt;</td>" in content
    assert read_form(response)[field] == ["His"]
    record.refresh_from_db()
    assert getattr(record, field) == "Hers <b>"

    assert save(bob, record, read_form(response)).status_code == 302
    record.refresh_from_db()
    assert getattr(record, field) == "His"


def test_third_save_in_between_is_told_again() -> None:
    guide = make_guide()
    ada, bob = editor("Ada"), editor("Bob")
    his = opened(bob, url_of(guide))
    save(ada, guide, title="First")
    refused = save(bob, guide, his, title="His")
    save(ada, guide, title="Second")
    again = save(bob, guide, read_form(refused))
    assert [difference.stored for difference in again.context["differences"]] == ["Second"]
    assert save(bob, guide, read_form(again)).status_code == 302


def test_form_without_the_moment_it_has_seen_is_refused() -> None:
    guide = make_guide()
    response = save(editor(), guide, seen="", title="Blind")
    assert response.status_code == 200
    assert Guide.objects.get().title == guide.title


def test_rows_are_kept_and_their_stored_order_is_shown() -> None:
    a, b, c = (make_cause(title=title) for title in "ABC")
    symptom = make_symptom(causes=[a, b, c])
    ada, bob = editor("Ada"), editor("Bob")
    his = opened(bob, url_of(symptom))
    save(ada, symptom, **{"checks-0-position": "9", "checks-1-DELETE": "on"})

    refused = save(bob, symptom, his, **{"checks-0-cause": b.pk, "checks-1-cause": a.pk})
    assert [(row.label, row.stored) for row in refused.context["differences"]] == [("Checks", "1. C\n2. A")]
    form = read_form(refused)
    assert [form[f"checks-{index}-cause"] for index in range(3)] == [[str(pk)] for pk in (b.pk, a.pk, c.pk)]
    assert save(bob, symptom, form).status_code == 302
    stored = Check.objects.filter(symptom=symptom).order_by("position").values_list("position", "cause__title")
    assert list(stored) == [(1, "B"), (2, "A"), (3, "C")]


def test_change_by_a_program_is_told_without_a_name() -> None:
    contact = make_contact_point()
    bob = editor("Bob")
    his = opened(bob, url_of(contact))
    ContactPoint.objects.get().save()
    response = save(bob, contact, his, name="His")
    assert "Someone saved this page" in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_is_refused() -> None:
    guide = make_guide()
    editors = [editor("Ada"), editor("Bob")]
    forms = [opened(client, url_of(guide)) for client in editors]
    start = Barrier(2)

    def press_save(client: Client, form: dict[str, Any], title: str) -> int:
        try:
            start.wait(timeout=20)
            return save(client, guide, form, title=title).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor() as both:
        answers = list(both.map(press_save, editors, forms, ["Hers", "His"]))
    assert sorted(answers) == [200, 302]
    guide.refresh_from_db()
    assert guide.title == ["Hers", "His"][answers.index(302)]
