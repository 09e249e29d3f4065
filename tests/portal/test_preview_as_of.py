"""The whole site as of a moment, for staff: lists, counts, links and what is gone, exactly as it will be public."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.content import as_of
from helpdesk.guides.models import Guide, Symptom
from tests.accounts.staff_people import editor, make_user, without_rights
from tests.contentadmin.forms import url_of
from tests.factories import make_faq_entry, make_guide, make_symptom

pytestmark = pytest.mark.django_db

MONDAY = datetime(2126, 11, 25, 9, 0, tzinfo=UTC)
BEFORE, THEN, LATER = "2126-11-25T08:59", "2126-11-25T09:00", "2126-12-01T00:00"


@pytest.fixture
def guide() -> Guide:
    """A public guide with a situation of each kind of life."""
    guide = make_guide(slug="g", title="Public guide")
    make_symptom(guide=guide, slug="open", title="Open situation")
    make_symptom(guide=guide, slug="draft", title="Draft situation", published=False)
    make_symptom(guide=guide, slug="coming", title="Coming situation", publish_at=MONDAY)
    leaving = make_symptom(guide=guide, slug="leaving", title="Leaving situation", archive_at=MONDAY)
    coming = make_guide(slug="coming", title="Coming guide", publish_at=MONDAY)
    make_symptom(guide=coming, slug="inside", title="Inside the coming guide")
    make_faq_entry(slug="entry", related_symptoms=[leaving, Symptom.objects.get(slug="coming")])
    return guide


def situations(client: Client, address: str) -> list[str]:
    return [symptom.title for symptom in client.get(address).context["situations"]]


def test_guide_shows_what_is_public_then(guide: Guide) -> None:
    client = editor()
    shown = [situations(client, f"/admin/preview/guides/g/?as-of={moment}") for moment in ("", BEFORE, THEN)]
    assert shown == [
        ["Open situation", "Draft situation", "Coming situation", "Leaving situation"],
        ["Open situation", "Leaving situation"],
        ["Open situation", "Coming situation"],
    ]


def test_moment_is_kept_until_it_is_changed_or_ended(guide: Guide) -> None:
    client = editor()
    client.get(f"/admin/preview/?as-of={THEN}")
    kept = situations(client, "/admin/preview/guides/g/")
    client.get("/admin/preview/faq/?as-of=now")
    now = situations(client, "/admin/preview/guides/g/")
    client.get("/admin/preview/?as-of=")
    ended = situations(client, "/admin/preview/guides/g/")
    assert (kept, now, len(ended)) == (
        ["Open situation", "Coming situation"],
        ["Open situation", "Leaving situation"],
        4,
    )
    assert situations(editor(), "/admin/preview/guides/g/") == ended


def test_lists_counts_related_and_addresses_follow(guide: Guide) -> None:
    client = editor()
    seen = {}
    for moment in (BEFORE, THEN):
        home = client.get(f"/admin/preview/?as-of={moment}").context
        entry = client.get("/admin/preview/faq/entry/").context["entry"]
        seen[moment] = (
            [(found.title, found.symptom_count) for found in home["guides"]],
            [symptom.title for symptom in entry.related],
            [
                client.get(f"/admin/preview/guides/{page}/").status_code
                for page in ("coming", "coming/inside", "g/coming", "g/leaving", "g/draft")
            ],
        )
    assert seen == {
        BEFORE: ([("Public guide", 2)], ["Leaving situation"], [404, 404, 404, 200, 404]),
        THEN: ([("Public guide", 2), ("Coming guide", 1)], ["Coming situation"], [200, 200, 200, 410, 404]),
    }


def test_archived_page_names_the_guide_it_stood_in_and_the_moment(guide: Guide) -> None:
    response = editor().get(f"/admin/preview/guides/g/leaving/?as-of={THEN}")
    html = response.content.decode()
    assert response.status_code == 410
    assert "Preview: the site as visitors will see it on November 25, 2126, 9:00 AM." in html
    assert 'href="/admin/preview/guides/g/"' in html


def test_entry_that_goes_and_short_link_follow(guide: Guide) -> None:
    client = editor()
    entry = make_faq_entry(slug="goes", archive_at=MONDAY)
    coming = Symptom.objects.get(slug="coming")
    addresses = ["faq/goes/", f"f/{entry.number}/", f"s/{coming.number}/"]
    seen = {}
    for moment in (BEFORE, THEN):
        client.get(f"/admin/preview/?as-of={moment}")
        answers = [client.get(f"/admin/preview/{address}") for address in addresses]
        seen[moment] = [answer.headers.get("Location") or answer.status_code for answer in answers]
    assert seen == {
        BEFORE: [200, "/admin/preview/faq/goes/", 404],
        THEN: [410, 410, "/admin/preview/guides/g/coming/"],
    }


def test_moment_is_in_the_time_zone_of_the_portal(guide: Guide, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Zurich"
    with timezone.override("Europe/Zurich"):
        client = editor()
        early = situations(client, "/admin/preview/guides/g/?as-of=2126-11-25T09:59")
        there = situations(client, "/admin/preview/guides/g/?as-of=2126-11-25T10:00")
        aware = situations(client, "/admin/preview/guides/g/?as-of=2126-11-25T09:00Z")
        page = client.get("/admin/preview/").content.decode()
    assert (early[-1], there[-1], aware[-1]) == ("Leaving situation", "Coming situation", "Coming situation")
    assert "As of (Europe/Zurich)" in page
    assert 'value="2126-11-25T10:00"' in page


def test_banner_says_what_changes_until_then_and_offers_the_moments(guide: Guide) -> None:
    preview = editor().get(f"/admin/preview/?as-of={LATER}").context["request"].preview
    assert sorted((change.title, change.appears, change.url) for change in preview.changes) == [
        ("Coming guide", True, "/admin/preview/guides/coming/"),
        ("Coming situation", True, "/admin/preview/guides/g/coming/"),
        ("Leaving situation", False, "/admin/preview/guides/g/leaving/"),
    ]
    monday = as_of.next_monday(timezone.now())
    assert [value for value, _text in preview.choices] == ["", "now", as_of.in_address(monday), THEN]


def test_next_monday_is_at_nine_and_not_today() -> None:
    found = [as_of.next_monday(datetime(2026, 11, day, 23, tzinfo=UTC)) for day in (22, 23, 24, 29)]
    assert [as_of.in_address(moment) for moment in found] == [
        "2026-11-23T09:00",
        "2026-11-30T09:00",
        "2026-11-30T09:00",
        "2026-11-30T09:00",
    ]


def test_moment_with_seconds_is_the_full_minute_from_which_it_holds() -> None:
    assert as_of.in_address(datetime(2026, 12, 31, 23, 59, 0, 1, tzinfo=UTC)) == "2027-01-01T00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        *("tomorrow", "2026-13-01T09:00", "2026-02-30", "9999-12-31T23:59", "0001-01-01T00:00%2B14:00", "9" * 400),
        *("2026-11-30T09:00%00", "<script>alert(1)</script>", "%F0%9F%8E%84", "now%00", "-1", "٢٠٢٦-١١-٣٠"),
    ],
)
def test_wrong_moment_gets_a_sentence_and_changes_nothing(guide: Guide, wrong: str) -> None:
    client = editor()
    client.get(f"/admin/preview/?as-of={THEN}")
    response = client.get(f"/admin/preview/guides/g/?as-of={wrong}")
    html = response.content.decode()
    assert response.status_code == 400
    assert ("This isn&#x27;t a valid date and time." in html) != ("Choose a year between 1990 and 2200." in html)
    assert "<script>alert" not in html
    assert situations(client, "/admin/preview/guides/g/") == ["Open situation", "Coming situation"]


def test_moment_in_the_session_that_is_none_any_more_shows_everything(guide: Guide) -> None:
    client = editor()
    session = client.session
    session["preview-as-of"] = "nonsense"
    session.save()
    assert len(situations(client, "/admin/preview/guides/g/")) == 4


def test_public_pages_know_nothing_of_it(guide: Guide, django_assert_num_queries: Any) -> None:
    client = editor()
    client.get(f"/admin/preview/?as-of={THEN}")
    with django_assert_num_queries(5):
        response = client.get(f"/guides/g/?as-of={THEN}")
    assert [symptom.title for symptom in response.context["situations"]] == [
        "Open situation",
        "Leaving situation",
    ]
    assert (response.cookies, hasattr(response.wsgi_request, "session")) == ({}, False)


def test_preview_takes_the_same_queries_with_few_and_many_plans(guide: Guide, django_assert_num_queries: Any) -> None:
    client = editor()
    client.get(f"/admin/preview/?as-of={LATER}")
    with django_assert_num_queries(11):
        client.get("/admin/preview/guides/g/")
    for days in range(3):
        make_symptom(guide=guide, publish_at=MONDAY + timedelta(days=days))
    with django_assert_num_queries(11):
        client.get("/admin/preview/guides/g/")


def test_old_address_in_the_preview_is_not_remembered_by_browsers(guide: Guide) -> None:
    guide.slug = "renamed"
    guide.save()
    response = editor().get("/admin/preview/guides/g/open/?as-of=now")
    assert (response.status_code, response.headers["Location"]) == (
        302,
        "/admin/preview/guides/renamed/open/?as-of=now",
    )
    assert Client().get("/guides/g/open/").status_code == 301


def test_links_that_editors_wrote_stay_in_the_preview(guide: Guide) -> None:
    guide.introduction = f"See [that](/s/{guide.symptoms.first().number}/) and [this](https://example.com/faq/)."
    guide.save()
    link = f'href="/s/{guide.symptoms.first().number}/"'
    inside = editor().get("/admin/preview/guides/g/").content.decode()
    assert f'href="/admin/preview{link[6:]}' in inside
    assert 'href="https://example.com/faq/"' in inside
    assert link in Client().get("/guides/g/").content.decode()


def test_only_staff_choose_a_moment(guide: Guide) -> None:
    address = f"/admin/preview/guides/g/?as-of={THEN}"
    assert Client().get(address).headers["Location"].startswith("/admin/login/?next=")
    nobody = Client()
    nobody.force_login(make_user(staff=False))
    assert nobody.get(address).status_code == 302
    assert without_rights().get(address).status_code == 200


def test_forms_link_to_the_preview_at_the_moments_of_the_page(guide: Guide) -> None:
    client = editor()
    seen = [
        [(link.text, link.url) for link in client.get(url_of(page)).context["page_links"].previews_as_of]
        for page in (guide, Symptom.objects.get(slug="coming"), Symptom.objects.get(slug="open"))
    ]
    text = "Preview as of November 25, 2126, 9:00 AM"
    assert seen == [
        [(text, "/admin/preview/guides/g/?as-of=2126-11-25T09%3A00")],
        [(text, "/admin/preview/guides/g/coming/?as-of=2126-11-25T09%3A00")],
        [],
    ]
    assert situations(client, seen[0][0][1]) == ["Open situation", "Coming situation"]
    assert f">{text}</a>" in client.get(url_of(guide)).content.decode()
