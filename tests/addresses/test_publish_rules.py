"""Where links lead, as the publish check sees it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from helpdesk.addresses.publish_rules import link_problems, slug_problems
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.rules import problems_of
from tests.factories import make_faq_category, make_faq_entry, make_guide, make_symptom

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class Text:
    """Something with a Markdown field; the rules ask for no more."""

    def __init__(self, text: str) -> None:
        self.text = text


def found(text: str, *, at: datetime | None = None) -> list[tuple[str, str]]:
    record: Any = Text(text)
    return [(one.rule, one.severity.value) for one in link_problems(record, "text", CheckContext().not_before(at))]


def link(href: str) -> str:
    return f"[words]({href})"


@pytest.mark.parametrize(
    "href",
    [
        "/s/9999/",
        "/s/" + "9" * 400 + "/",
        "/g/0/",
        "/nowhere/",
        "/guides/nowhere/",
        "/guides/nowhere/nothing/",
        "/faq/nowhere/",
        "/faq/topic/nowhere/",
        "/static/nowhere.png",
        "/static/../settings.py",
        "/static/%00.png",
        "/media/nowhere.png",
        "/media/../../etc/passwd",
        "/admin/",
        "/admin/preview/guides/",
        "/handoff/abcd-efgh/",
        "s/1001/",
        "../faq/",
        "example.com",
        "#h-nowhere",
        "",
        "?q=x",
        "http://[",
        "javascript:alert(1)",
        "//evil.example.com/",
        "ftp://example.com/",
    ],
)
def test_link_that_leads_nowhere_is_an_error(href: str) -> None:
    assert found(link(href)) == [("dead-link", "error")]


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/contact/",
        "/contact/#desk",
        "/guides/",
        "/faq/",
        "/search/?q=code",
        "/static/favicon.svg",
        "https://example.com/nowhere/",
        "HTTPS://EXAMPLE.COM/",
        "mailto:desk@example.com",
        "tel:+41440000000",
    ],
)
def test_link_that_leads_somewhere_or_out_of_the_portal_is_right(href: str) -> None:
    assert found(link(href)) == []


def test_place_in_the_same_text_is_found() -> None:
    assert found("## Codes\n\n[Codes](#h-codes)") == []


def test_link_and_picture_in_code_are_text() -> None:
    assert found("`[words](/nowhere/)`\n\n    [words](/nowhere/)") == []


def test_pages_by_number_and_by_address() -> None:
    symptom, entry, category = make_symptom(), make_faq_entry(), make_faq_category()
    make_faq_entry(category=category)
    for page in (symptom, symptom.guide, entry):
        assert found(link(page.short_url)) == []
        assert found(link(page.short_url.rstrip("/"))) == []
        assert found(link(page.get_absolute_url())) == [("long-address", "warning")]
    assert found(link(symptom.get_absolute_url() + "all/")) == [("long-address", "warning")]
    assert found(link(category.get_absolute_url())) == []


def test_number_of_another_kind_says_what_it_is() -> None:
    symptom = make_symptom(title="Blank")
    record: Any = Text(link(f"/g/{symptom.number}/"))
    (problem,) = link_problems(record, "text", CheckContext())
    assert problem.text == (
        f"“/g/{symptom.number}/” is a dead link. Help no. {symptom.number} is “Blank”: use {symptom.short_url}"
    )


def test_pages_that_visitors_do_not_see() -> None:
    now = timezone.now()
    hidden = [
        make_symptom(published=False),
        make_symptom(publish_at=now + DAY),
        make_symptom(publish_at=now - 2 * DAY, archive_at=now - DAY),
        make_symptom(guide=make_guide(published=False)),
        make_symptom(leads_to=make_guide(published=False)),
        make_faq_entry(published=False),
    ]
    for page in hidden:
        for href in (page.short_url, page.get_absolute_url()):
            assert (page, found(link(href))) == (page, [("dead-link", "error")])
    assert found(link(hidden[1].short_url), at=now + 2 * DAY) == []


def test_page_that_will_be_archived_is_a_warning() -> None:
    ending = make_symptom(archive_at=timezone.now() + DAY)
    assert found(link(ending.short_url)) == [("link-that-ends", "warning")]
    assert found(link(ending.short_url), at=timezone.now() + 2 * DAY) == [("dead-link", "error")]


def test_former_addresses_are_warnings_that_name_the_short_one() -> None:
    symptom = make_symptom(slug="old", guide=make_guide(slug="home"))
    symptom.slug = "new"
    symptom.save()
    symptom.guide.slug = "house"
    symptom.guide.save()
    for href in ("/guides/home/old/", "/guides/house/old/", "/guides/home/new/", "/guides/HOME/", "/guides/home/none/"):
        assert (href, found(link(href))) == (href, [("former-address", "warning")])
    symptom.delete()
    assert found(link("/guides/home/old/")) == [("dead-link", "error")]


@override_settings(PUBLIC_URL="https://Help.Example.com")
def test_whole_address_of_the_portal_is_its_own() -> None:
    symptom = make_symptom()
    assert found(link("https://help.example.com/nowhere/")) == [("dead-link", "error")]
    assert found(link("https://help.example.com")) == []
    assert found(link("https://help.example.com" + symptom.short_url)) == []
    assert found(link("https://other.example.com/nowhere/")) == []


def test_uploaded_picture_is_there_or_not() -> None:
    name = default_storage.save("rules/lamp.png", ContentFile(b"x"))
    try:
        assert found(f"![A lamp](/media/{name})") == []
    finally:
        default_storage.delete(name)
    assert found(f"![A lamp](/media/{name})") == [("dead-link", "error")]


def test_slug_of_the_page_itself_and_of_another_guide_is_free() -> None:
    guide = make_guide()
    symptom = make_symptom(guide=guide, slug="old")
    symptom.slug = "new"
    symptom.save()
    symptom.slug = "old"
    assert list(slug_problems(symptom, CheckContext())) == []
    assert list(slug_problems(make_symptom(slug="old"), CheckContext())) == []
    (problem,) = slug_problems(make_symptom(guide=guide, slug="old", title="Second", published=False), CheckContext())
    assert problem.text == (
        f"“old” is a former slug of the situation “Nothing happens” (help no. {symptom.number}), and old links "
        "still use it. Choose another slug, or end it under “Former addresses” first."
    )
    number = symptom.number
    symptom.refresh_from_db()
    symptom.delete()
    (problem,) = slug_problems(make_symptom(guide=guide, slug="new", published=False), CheckContext())
    assert problem.text.startswith(f"“new” is a former slug of a deleted situation (help no. {number})")


def test_many_links_cost_a_fixed_number_of_queries(django_assert_num_queries: Any) -> None:
    pages = [make_symptom() for _ in range(3)] + [make_faq_entry()]
    guide = make_guide(introduction=link(pages[0].short_url))
    context = CheckContext(every_page=True)
    with django_assert_num_queries(5):  # former addresses, symptoms, people, its situations and groups
        problems_of(guide, context)
    guide.introduction = " ".join(link(page.short_url) for page in pages)
    with django_assert_num_queries(3):  # FAQ entries, its situations and groups
        problems_of(guide, context)
