"""Promised searches: which queries a promise holds for, and the form and the publish check that keep it true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from helpdesk.guides.models import ContactPoint
from helpdesk.publishcheck.rules import problems_of
from helpdesk.search import index
from helpdesk.search.models import Promise
from helpdesk.search.query import search
from tests import factories
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url

pytestmark = pytest.mark.django_db


def promise(page: str, words: str) -> Promise:
    return Promise.objects.create(page=page, words=words)


def first(words: str) -> str:
    return next((group.hits[0].url for group in search(words).groups), "")


@pytest.fixture
def people() -> str:
    """The people, promised for some words; another page has the words in its title."""
    factories.make_faq_entry(question="Was my account hacked? Phishing, fraud: is the network down?")
    factories.make_contact_point(slug="desk", name="Desk")
    promise("/contact/#desk", "hacked\naccount hacked\nphishing\nis it down\nCafé fraud")
    return "/contact/#desk"


@pytest.mark.parametrize(
    "words",
    ["hacked", "HACKED!!", "I was hacked", "hackd", "my account was hacked", "phising", "is it down?", "cafe frauds"],
)
def test_promised_page_is_first(people: str, words: str) -> None:
    assert first(words) == people


@pytest.mark.parametrize("words", ["account", "the network is down", "fraud of a network account", "phishing network"])
def test_promise_does_not_hold_for_other_words(people: str, words: str) -> None:
    assert first(words).startswith("/faq/")


def test_whole_title_comes_before_a_promise() -> None:
    entry = factories.make_faq_entry(question="Whom can I call for help?")
    factories.make_contact_point(slug="desk")
    promise("/contact/#desk", "call")
    assert first("call") == "/contact/#desk"
    assert first("Whom can I call for help?") == entry.get_absolute_url()


def test_promise_holds_until_it_or_its_page_changes(people: str) -> None:
    assert first("phishing") == people
    Promise.objects.update(words="other")
    assert [first(words) == people for words in ("phishing", "other")] == [False, True]
    Promise.objects.update(page="/contact/#nobody")
    assert first("other") == ""
    Promise.objects.update(page="/contact/#desk")
    ContactPoint.objects.all().delete()
    assert first("other") == ""
    assert list(index.drift()) == []


def test_page_is_found_by_words_that_it_does_not_have_however_many_others_do() -> None:
    topic = factories.make_faq_category()
    pages = [factories.make_faq_entry(category=topic, question=f"Lamp {n}", keywords="lamp") for n in range(60)]
    last = factories.make_faq_entry(category=topic, question="Torch")
    promise(f"/f/{last.number}/", "lamp")
    while index.catch_up():
        pass
    assert first("lamp") == last.get_absolute_url()
    type(last).objects.filter(pk=last.pk).update(publish_at=None)
    assert first("lamp") in {page.get_absolute_url() for page in pages}


# Keeping it true


def faults(page: str) -> list[tuple[str, str]]:
    return [(problem.rule, problem.severity.name) for problem in problems_of(promise(page, "lamp"))]


def test_publish_check_finds_a_promise_whose_page_is_not_there() -> None:
    now = timezone.now()
    draft = factories.make_faq_entry(published=False)
    over = factories.make_faq_entry(publish_at=now - timedelta(days=2), archive_at=now - timedelta(days=1))
    public = factories.make_symptom()
    point, page = factories.make_contact_point(slug="desk"), factories.make_outside_page(slug="status")
    factories.make_outside_page(slug="empty", address="")
    topic = factories.make_faq_entry().category
    for link in (f"/s/{public.number}/", f"/contact/#{point.slug}", f"outside:{page.slug}", topic.get_absolute_url()):
        assert faults(link) == []
    for link in (f"/f/{draft.number}/", f"/f/{over.number}/", "/f/99999/", "/contact/#nobody", "outside:nothing"):
        assert faults(link) == [("dead-link", "ERROR")], link
    assert faults("outside:empty") == [("address-missing", "WARNING")]


# The form


def add(**values: str) -> Any:
    return editor().post(add_url(Promise), values)


def test_form_takes_a_page_in_every_way_and_phrases_once() -> None:
    symptom = factories.make_symptom(title="Nothing beeps")
    factories.make_contact_point(slug="desk", name="Service desk")
    factories.make_outside_page(slug="status", name="System status")
    topic = factories.make_faq_entry().category
    links = {
        str(symptom.number): f"/s/{symptom.number}/",
        "service DESK": "/contact/#desk",
        "outside:status": "outside:status",
        topic.get_absolute_url(): topic.get_absolute_url(),
    }
    for typed, link in links.items():
        response = add(page=typed, words="  Lamps \r\n\r\nlamp\r\nno   light")
        assert response.status_code == 302, response.context["errors"]
        assert Promise.objects.get(page=link).words == "Lamps\nno light"
    again = add(page="Service desk", words="lamp")
    assert "already exists" in again.content.decode()
    assert Promise.objects.count() == len(links)


@pytest.mark.parametrize(("page", "words"), [("", "lamp"), ("99999", "lamp"), ("/contact/#nobody", "lamp"), ("D", "…")])
def test_form_refuses_what_leads_nowhere(page: str, words: str) -> None:
    factories.make_contact_point(slug="d", name="D")
    assert add(page=page, words=words).status_code == 200
    assert not Promise.objects.exists()
