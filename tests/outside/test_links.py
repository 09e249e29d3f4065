"""Links to outside pages: where visitors and staff read them, and what the publish check says of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.content.web_address import INCOMPLETE, NO_ADDRESS, WITH_CREDENTIALS, WRONG_SCHEME, validate_web_address
from helpdesk.outside.link_sources import records_naming
from helpdesk.outside.models import OutsidePage
from helpdesk.publishcheck.rules import problems_of
from helpdesk.search import index
from helpdesk.text import markdown, outside_links
from helpdesk.transfer.snapshot import selection, stored_content
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import read_form, url_of
from tests.factories import make_announcement, make_cause, make_faq_entry, make_guide, make_outside_page, make_symptom
from tests.pagecache.asking import Server

TEXT = "See [the **handbook** now](outside:handbook)."
LINK = '<a href="https://www.example.com/?a=1&amp;b=2" rel="noopener noreferrer">the <strong>handbook</strong> now</a>'
WORDS = "See the <strong>handbook</strong> now."
ADDRESS = "https://www.example.com/?a=1&b=2"


def test_placeholder_takes_addresses_and_nothing_else() -> None:
    html = markdown.render(f'{TEXT} [x](OUTSIDE:no-page) [y](outside:"b) <a title="a>b" href="outside:handbook">z</a>')

    assert outside_links.named_in(html) == {"handbook", "no-page", '"b'}
    assert outside_links.fill(html, {"handbook": '"><script>'}).count("&quot;&gt;&lt;script&gt;") == 2
    assert "outside:" not in outside_links.fill(html, {"handbook": ""})
    assert markdown.plain(TEXT) == "See the handbook now."
    assert outside_links.written_in(f"{TEXT} [x](outside:a_b-1)") == {"handbook", "a_b-1"}


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/search/?q=handbook", "/not-there/"])
@pytest.mark.parametrize("address", ["", ADDRESS])
def test_length_of_a_page_that_is_not_kept_is_that_of_its_links(client: Client, url: str, address: str) -> None:
    make_outside_page(slug="handbook", address=address)
    make_announcement(text=TEXT)
    response = client.get(url)
    assert (LINK if address else WORDS) in response.content.decode()
    assert int(response.headers["Content-Length"]) == len(response.content)


@pytest.mark.django_db
def test_page_links_to_the_address_and_names_pages_without_one(client: Client, django_assert_num_queries: Any) -> None:
    page = make_outside_page(slug="handbook", address=ADDRESS)
    make_outside_page(slug="unknown", address="")
    cause = make_cause(how_to_check=f"{TEXT} [Nobody](outside:nobody), [known](outside:unknown).")
    symptom = make_symptom(introduction=TEXT, notice=TEXT, causes=[cause])
    url = symptom.get_absolute_url()
    with django_assert_num_queries(queries_without_links(client) + 1):
        body = client.get(url).content.decode()

    assert body.count(LINK) == 3
    assert " Nobody, known." in body
    assert "outside:" not in body
    page.address = ""
    page.save()
    body = client.get(url).content.decode()
    assert (body.count(WORDS), body.count("outside:")) == (3, 0)


def queries_without_links(client: Client) -> int:
    url = make_symptom().get_absolute_url()
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return len(queries)


@pytest.mark.django_db
def test_feed_search_and_descriptions_have_the_words(client: Client) -> None:
    make_outside_page(slug="handbook", address=ADDRESS)
    entry = make_faq_entry(answer=TEXT)
    index.catch_up()

    for path in ("/feed/", "/search/?q=handbook", entry.get_absolute_url()):
        body = re.sub("</?mark>", "", client.get(path).content.decode())
        assert "the handbook now" in body, path
        assert "outside:" not in body, path


@pytest.mark.django_db
def test_staff_see_the_link_in_every_preview(client: Client) -> None:
    make_outside_page(slug="handbook", address=ADDRESS)
    entry, staff = make_faq_entry(answer="Old."), editor()
    form = read_form(staff.get(url_of(entry))) | {"answer": TEXT}

    assert staff.post(reverse("admin:markdown-preview"), {"text": TEXT}).content.decode() == f"<p>See {LINK}.</p>"
    unsaved = staff.post(reverse("admin:faq_faqentry_preview", args=[entry.pk]), form)
    assert LINK in unsaved.content.decode()
    make_faq_entry(slug="draft", published=False, answer=TEXT)
    assert LINK in staff.get("/admin/preview/faq/draft/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_changed_address_renews_the_kept_pages() -> None:
    page = make_outside_page(slug="handbook", address=ADDRESS)
    path = make_faq_entry(answer=TEXT).get_absolute_url()
    server = Server()
    assert LINK.encode() in server.ask(path)[2]

    OutsidePage.objects.update(address="https://example.org/")
    server.tell_all()
    assert b'<a href="https://example.org/" rel="noopener noreferrer">the' in server.ask(path)[2]
    page.delete()
    server.tell_all()
    assert WORDS.encode() in server.ask(path)[2]


@pytest.mark.django_db
def test_publish_check_names_unknown_pages_and_missing_addresses() -> None:
    make_outside_page(slug="handbook", name="Handbook", address="")
    entry = make_faq_entry(answer=f"{TEXT} [Nobody](outside:nobody) [in](https://anna:secret@example.com/)")

    found = {(problem.severity.value, problem.text) for problem in problems_of(entry) if problem.field == "answer"}

    assert found == {
        ("error", "No outside page is called “nobody”. Correct the link “Nobody”, or add the outside page."),
        ("warning", "Address missing: Handbook. Visitors see only the words of the link."),
        (
            "error",
            "“https://anna:secret@example.com/” has a user name or password in it, which every visitor could read. "
            "Remove it.",
        ),
    }


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("https://www.example.com/help?a=b#c", None),
        ("http://192.0.2.1:8000/", None),
        ("www.example.com", INCOMPLETE),
        ("https://", INCOMPLETE),
        ("https://exa mple.com/", NO_ADDRESS),
        ("https://[", INCOMPLETE),
        ("https://example.com:99999999/", INCOMPLETE),
        ("javascript:alert(1)", WRONG_SCHEME),
        ("ftp://example.com/", WRONG_SCHEME),
        ("https://anna:secret@example.com/", WITH_CREDENTIALS),
        ("https://anna@example.com/", WITH_CREDENTIALS),
        ('https://example.com/"><script>', NO_ADDRESS),
        ("https://example.com/a b", NO_ADDRESS),
    ],
)
def test_web_address(value: str, sentence: str | None) -> None:
    found = None
    try:
        validate_web_address(value)
    except ValidationError as error:
        found = error.message
    assert found == sentence


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"name": ""}, {"address": "javascript:alert(1)"}, {"slug": "taken"}])
def test_constraints(values: dict[str, str]) -> None:
    make_outside_page(slug="taken")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_outside_page(**values)


@pytest.mark.django_db
def test_export_of_a_guide_takes_along_the_pages_that_its_texts_name() -> None:
    make_outside_page(slug="handbook")
    make_outside_page(slug="other")
    make_symptom(guide=make_guide(slug="g"), causes=[make_cause(how_to_check=TEXT)])

    assert list(selection(stored_content(), ["g"]).of("outside page")) == ["handbook"]


@pytest.mark.django_db
def test_capitals_in_a_text_do_not_hide_that_it_names_a_page() -> None:
    entry = make_faq_entry(answer="See [the handbook](OUTSIDE:handbook).")
    assert records_naming() == {"handbook": [("entry", entry.pk)]}
