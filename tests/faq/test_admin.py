"""FAQ categories and entries in the admin."""

from __future__ import annotations

import pytest
from django.test import Client

from helpdesk.faq.models import FaqCategory, FaqEntry
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url, list_url, opened, read_form, save, url_of
from tests.factories import make_faq_category, make_faq_entry, make_guide, make_symptom

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return editor()


def test_entry_added_with_related_symptoms(client: Client) -> None:
    category, symptom = make_faq_category(), make_symptom()
    form = opened(client, add_url(FaqEntry)) | {"category": category.pk, "question": "Q", "answer": "A", "slug": "q"}
    assert client.post(add_url(FaqEntry), form | {"related_symptoms": [symptom.pk]}).status_code == 302
    entry = FaqEntry.objects.get()
    assert (entry.question, entry.publish_at, list(entry.related_symptoms.all())) == ("Q", None, [symptom])


def test_entry_page_names_related_symptoms_with_their_guide(client: Client) -> None:
    symptom = make_symptom(guide=make_guide(title="Guide <i>"), title="Symptom <i>")
    content = client.get(url_of(make_faq_entry(related_symptoms=[symptom]))).content.decode()
    assert "Guide &lt;i&gt; › Symptom &lt;i&gt;</option>" in content


def test_entry_saved_unchanged_keeps_its_related_symptoms(client: Client) -> None:
    symptoms = [make_symptom(), make_symptom()]
    entry = make_faq_entry(related_symptoms=symptoms)
    assert save(client, entry).status_code == 302
    assert set(entry.related_symptoms.all()) == set(symptoms)


def test_entries_are_put_in_order_on_the_categorys_page(client: Client) -> None:
    category = make_faq_category()
    first, second = make_faq_entry(category=category, position=1), make_faq_entry(category=category, position=2)
    sent = {"entries-0-position": 20, "entries-1-position": 10}
    assert save(client, category, **sent).status_code == 302
    assert list(category.entries.values_list("pk", "position")) == [(second.pk, 1), (first.pk, 2)]


def test_entries_stay_when_one_is_moved_elsewhere_meanwhile(client: Client) -> None:
    category = make_faq_category()
    entries = [make_faq_entry(category=category, position=place) for place in (1, 2, 3)]
    form = opened(client, url_of(category))
    elsewhere = make_faq_category()
    FaqEntry.objects.filter(pk=entries[0].pk).update(category=elsewhere)
    form |= {"entries-1-position": 30, "entries-2-position": 20}
    assert save(client, category, form).status_code == 302
    assert list(category.entries.values_list("pk", flat=True)) == [entries[2].pk, entries[1].pk]
    assert list(elsewhere.entries.values_list("pk", "position")) == [(entries[0].pk, 1)]


def test_categories_are_put_in_order_in_the_list(client: Client) -> None:
    first, second = make_faq_category(position=1), make_faq_category(position=2)
    form = read_form(client.get(list_url(FaqCategory)))
    sent = form | {"form-0-position": 20, "form-1-position": 10, "_save": "Save"}
    assert client.post(list_url(FaqCategory), sent).status_code == 302
    assert list(FaqCategory.objects.all()) == [second, first]


def test_category_with_entries_is_not_deleted_and_the_page_says_why(client: Client) -> None:
    entry = make_faq_entry(question="Why?")
    response = client.post(url_of(entry.category, "delete"), {"post": "yes"})
    assert response.status_code == 200
    assert f'FAQ entry: <a href="{url_of(entry)}">Why?</a>' in response.content.decode()
    assert FaqCategory.objects.filter(pk=entry.category_id).exists()


def test_lists_have_a_fixed_number_of_queries(client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries(model: type) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(list_url(model))
        return len(captured)

    make_faq_entry()
    queries(FaqEntry)
    one = [queries(model) for model in (FaqEntry, FaqCategory)]
    make_faq_entry()
    make_faq_entry()
    assert [queries(model) for model in (FaqEntry, FaqCategory)] == one
