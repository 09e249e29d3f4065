"""Ticket links: found by number, words, message or reference, and made from what was tried."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from helpdesk.feedback.models import HandOff
from helpdesk.guides.models import Check, Symptom
from tests.accounts.staff_people import editor, without_rights
from tests.factories import make_cause, make_contact_point, make_faq_entry, make_guide, make_question, make_symptom

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Client:
    """Staff who may sign in and change nothing."""
    return without_rights()


@pytest.fixture
def symptom() -> Symptom:
    causes = [make_cause(title=title, slug=title.lower()) for title in ("First", "Second", "Third")]
    guide = make_guide(slug="login", title="I cannot log in")
    return make_symptom(guide=guide, slug="nothing", title="Nothing happens", message="Error 504", causes=causes)


def address_on(client: Client, symptom: Symptom, query: str = "") -> str:
    response = client.get(reverse("ticket", args=[symptom.number]) + query, follow=True)
    assert response.status_code == 200
    return response.context["address"]


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("", "/guides/login/nothing/"),
        ("?no=first", "/guides/login/nothing/check/second/?no=first"),
        ("?skip=first", "/guides/login/nothing/check/second/?skip=first"),
        ("?no=second", "/guides/login/nothing/check/first/?no=second"),
        ("?no=second&no=first", "/guides/login/nothing/check/third/?no=first,second"),
        ("?no=third&skip=third,first&no=unknown", "/guides/login/nothing/check/second/?no=third&skip=first"),
        ("?no=first,second,third", "/guides/login/nothing/contact/?no=first,second,third"),
        ("?no=%00&skip=<script>", "/guides/login/nothing/"),
    ],
)
def test_link_starts_at_the_first_check_not_tried(agent: Client, symptom: Symptom, query: str, address: str) -> None:
    assert address_on(agent, symptom, query) == f"http://testserver{address}"
    assert Client().get(address).status_code == 200


def test_link_carries_the_address_visitors_know(agent: Client, symptom: Symptom) -> None:
    with override_settings(PUBLIC_URL="https://help.example.com"):
        assert address_on(agent, symptom) == "https://help.example.com/guides/login/nothing/"


def test_text_for_the_ticket_says_what_was_checked(agent: Client, symptom: Symptom) -> None:
    page = reverse("ticket", args=[symptom.number])
    Check.objects.create(symptom=symptom, cause=make_question(title="Fourth", slug="fourth"), position=4)
    assert agent.get(f"{page}?no=first,fourth&skip=second").context["message"].splitlines() == [
        "I cannot log in: Nothing happens",
        "Not the cause: Fourth",
        "Tried, still not working: First",
        "Couldn't check or try: Second",
        "Continue here: http://testserver/guides/login/nothing/check/third/?no=first,fourth&skip=second",
    ]


def test_fix_that_was_tried_is_marked_with_one_box(agent: Client, symptom: Symptom) -> None:
    Check.objects.create(symptom=symptom, cause=make_question(title="Fourth", slug="fourth"), position=4)
    query = "?no=first&tried=fourth"
    assert address_on(agent, symptom, query) == (
        "http://testserver/guides/login/nothing/check/second/?no=first,fourth&tried=fourth"
    )
    content = agent.get(reverse("ticket", args=[symptom.number]) + query, follow=True).content.decode()
    assert re.findall(r'name="(\w+)" value="(\w+)" checked', content) == [("no", "first"), ("tried", "fourth")]


def test_link_of_a_renamed_check_still_counts_it_as_tried(agent: Client, symptom: Symptom) -> None:
    cause = symptom.checks.get(position=1).cause
    cause.slug = "renamed"
    cause.save()
    assert address_on(agent, symptom, "?no=first") == (
        "http://testserver/guides/login/nothing/check/second/?no=renamed"
    )


def test_symptom_without_checks_has_its_direct_link(agent: Client) -> None:
    symptom = make_symptom(leads_to=make_guide(), title="<script>")
    assert address_on(agent, symptom) == f"http://testserver{symptom.get_absolute_url()}"


@pytest.mark.parametrize("number", [1, 10**400])
def test_number_that_no_public_page_has_is_not_found(agent: Client, number: int) -> None:
    make_symptom()
    assert agent.get(f"/admin/tickets/{number}/").status_code == 404


def test_draft_is_neither_found_nor_linked(agent: Client) -> None:
    draft = make_symptom(published=False, title="Secret words")
    assert agent.get(f"/admin/tickets/{draft.number}/").status_code == 404
    for typed in ("secret words", str(draft.number)):
        page = agent.get("/admin/tickets/", {"q": typed})
        assert (page.status_code, page.context["found"].groups) == (200, ())
        assert "Secret" not in agent.get("/admin/tickets/suggestions/", {"q": typed}).content.decode()


@pytest.mark.parametrize(
    "typed", ["{number}", "Help no. {number}", "#{number}", "https://help.example.com/s/{number}/"]
)
def test_help_number_opens_its_page(agent: Client, symptom: Symptom, typed: str) -> None:
    response = agent.get("/admin/tickets/", {"q": typed.format(number=symptom.number)})
    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/tickets/{symptom.number}/")


def test_number_of_another_page_opens_that(agent: Client) -> None:
    entry = make_faq_entry()
    response = agent.get("/admin/tickets/", {"q": str(entry.number)})
    assert response.headers["Location"] == entry.get_absolute_url()


@pytest.mark.parametrize("typed", ["abcd 2345", "Ref. no.: abcd2345", "https://help.example/handoff/ABCD-2345/"])
def test_reference_opens_the_walk_where_it_ended(agent: Client, symptom: Symptom, typed: str) -> None:
    tried = symptom.checks.get(position=1).cause.number
    HandOff.objects.create(
        reference="ABCD-2345", symptom=symptom, tried=[tried, 99], visitor="v", created_at=timezone.now()
    )
    response = agent.get("/admin/tickets/", {"q": typed})
    assert response.headers["Location"] == f"/admin/tickets/{symptom.number}/?no=first"


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("https://help.example.com/guides/login/nothing/", ""),
        ("/guides/login/nothing/check/second/?no=first&utm_source=mail#main", "?no=first"),
        (
            "customer is at help.example.com/guides/login/nothing/contact/?no=first,second&skip=third",
            "?no=first,second&skip=third",
        ),
        ("/guides/login/old/all/", ""),
        ("/s/{number}/?no=first", "?no=first"),
        ("See HTTPS://HELP.EXAMPLE.COM/GUIDES/LOGIN/NOTHING/CHECK/SECOND/?NO=FIRST.", "?no=first"),
        ("(https://help.example.com/guides/login/nothing/)", ""),
        ("<https://help.example.com/guides/login/nothing/contact/?no=first&amp;skip=third>,", "?no=first&skip=third"),
        ("“/guides/login/nothing/found/?by=third”", "?by=third"),
        ("/guides/login/nothing/check/second/fix/?no=first", "?no=first&by=second"),
        ("https://help.example.com/admin/preview/guides/login/nothing/?no=first", "?no=first"),
        ("https://help.example.com/admin/tickets/{number}/?no=first", "?no=first"),
        ("/guides/login/nothing", ""),
        ("/guides/login/nothing.", ""),
        ("x" * 180 + " /guides/login/nothing/?no=first", "?no=first"),
    ],
)
def test_address_of_any_page_of_the_walk_opens_it(agent: Client, symptom: Symptom, typed: str, opens: str) -> None:
    symptom.slug = "old"
    symptom.save()
    symptom.slug = "nothing"
    symptom.save()
    response = agent.get("/admin/tickets/", {"q": typed.replace("{number}", str(symptom.number))})
    assert response.headers["Location"] == f"/admin/tickets/{symptom.number}/{opens}"


def test_page_of_a_cause_that_was_found_opens_as_that_page(agent: Client, symptom: Symptom) -> None:
    last = symptom.checks.get(position=3).cause
    last.resolution.ending = "wait"
    last.resolution.save()
    page = agent.get("/admin/tickets/", {"q": "(/guides/login/nothing/found/?by=third)"}, follow=True)
    assert page.context["address"] == "http://testserver/guides/login/nothing/found/?by=third"
    assert "Link to what to do: Third" in page.content.decode()
    assert page.context["message"].splitlines()[1:] == ["Applies: Third", f"What to do: {page.context['address']}"]
    assert address_on(agent, symptom, "?no=first&by=second") == (
        "http://testserver/guides/login/nothing/check/second/?no=first"
    )
    assert address_on(agent, symptom, "?by=nothing") == "http://testserver/guides/login/nothing/"


@pytest.mark.parametrize("typed", ["/guides/login/hidden/", "/guides/%00/", "/guides/" + "a/" * 100, "/faq/nothing/"])
def test_address_of_no_public_page_finds_nothing(agent: Client, symptom: Symptom, typed: str) -> None:
    make_symptom(guide=symptom.guide, slug="hidden", published=False)
    assert agent.get("/admin/tickets/", {"q": typed}).status_code == 200


@pytest.mark.parametrize("ending", ["wait", "contact", "none"])
def test_cause_without_a_fix_can_be_ruled_out_not_tried(agent: Client, symptom: Symptom, ending: str) -> None:
    resolution = symptom.checks.get(position=1).cause.resolution
    resolution.ending, resolution.contact_point = ending, make_contact_point()
    resolution.save()
    content = agent.get(reverse("ticket", args=[symptom.number]) + "?no=first", follow=True).content.decode()
    assert "Not the cause: First" in content
    assert "Tried, still not working: First" not in content
    assert "Couldn't check or try: First" not in content  # its page offers nothing of the kind
    assert "Couldn't check or try: Second" in content
    assert "Tried, still not working: Second" in content


@pytest.mark.parametrize("typed", ["nothing happens", "error 504"])
def test_title_or_message_finds_the_page(agent: Client, symptom: Symptom, typed: str) -> None:
    content = agent.get("/admin/tickets/", {"q": typed}).content.decode()
    assert f'href="/admin/tickets/{symptom.number}/"' in content


def test_two_letters_suggest_pages(agent: Client, symptom: Symptom) -> None:
    content = agent.get("/admin/tickets/suggestions/", {"q": "no"}).content.decode()
    assert re.findall(r'<li><a href="([^"]*)"><span>', content)[:1] == [f"/admin/tickets/?q=%23{symptom.number}"]


@pytest.mark.parametrize("typed", ["", "\x00", "<script>alert(1)</script>", "9" * 400, '"', "%" * 900, "١٢٣"])
def test_whatever_is_typed_is_answered(agent: Client, symptom: Symptom, typed: str) -> None:
    for address in ("/admin/tickets/", "/admin/tickets/suggestions/"):
        response = agent.get(address, {"q": typed})
        assert response.status_code == 200
        assert "<script>alert" not in response.content.decode()


def test_searches_of_staff_are_not_counted(agent: Client, symptom: Symptom) -> None:
    from helpdesk.search.models import Search

    agent.get("/admin/tickets/", {"q": "nothing"})
    assert Search.objects.count() == 0


@pytest.mark.parametrize("address", ["/admin/tickets/", "/admin/tickets/suggestions/", "/admin/tickets/1001/"])
def test_visitor_is_sent_to_sign_in(address: str) -> None:
    assert Client().get(address).headers["Location"].startswith("/admin/login/")


def test_page_of_the_symptom_leads_to_its_link(symptom: Symptom) -> None:
    content = editor().get(reverse("admin:guides_symptom_change", args=[symptom.pk])).content.decode()
    assert f'href="/admin/tickets/{symptom.number}/"' in content
    draft = make_symptom(published=False)
    content = editor().get(reverse("admin:guides_symptom_change", args=[draft.pk])).content.decode()
    assert f'href="/admin/tickets/{draft.number}/"' not in content


def test_start_page_leads_there(agent: Client) -> None:
    assert 'href="/admin/tickets/"' in agent.get("/admin/").content.decode()


def test_queries_do_not_grow_with_the_checks(agent: Client, django_assert_num_queries: Any) -> None:
    few = make_symptom(causes=[make_cause()])
    many = make_symptom(causes=[make_cause() for _ in range(5)])
    for symptom in (few, many):
        # The session, the user, what he may do (two, for the menu), and the two of the page.
        with django_assert_num_queries(6):
            agent.get(reverse("ticket", args=[symptom.number]))
