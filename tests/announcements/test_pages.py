"""Which pages show an announcement, and how."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.announcements.overview import current_with_places
from helpdesk.content.audience import VISITOR
from helpdesk.search import index
from tests.accounts.staff_people import make_user, signed_in
from tests.factories import make_announcement, make_cause, make_faq_category, make_faq_entry, make_guide, make_symptom
from tests.pages.test_every_page import Tree

pytestmark = pytest.mark.django_db

HOME, FAQ, SEARCH = "/", "/faq/", "/search/?q=dongle&uncounted"
GUIDE = "/guides/login/"
WALK = ["", "all/", "check/cable/", "check/cable/?skip=lamp", "fixed/?by=cable", "contact/?no=cable"]
WALKS = {slug: [f"{GUIDE}{slug}/{page}" for page in WALK] for slug in ("dongle", "other")}
ELSEWHERE = ["/guides/elsewhere/", "/faq/", "/faq/codes/", "/faq/topic/codes/", "/contact/"]


@pytest.fixture
def content() -> dict[str, Any]:
    guide = make_guide(slug="login", short_title="Logging in")
    causes = [make_cause(slug="cable"), make_cause(slug="lamp")]
    symptoms = {
        slug: make_symptom(guide=guide, slug=slug, title=title, causes=causes)
        for slug, title in (("dongle", "My dongle is lost"), ("other", "Nothing happens"))
    }
    make_guide(slug="elsewhere")
    make_faq_entry(slug="codes", category=make_faq_category(slug="codes"))
    while index.catch_up():
        pass
    return {"guide": guide, "symptom": symptoms["dongle"]}


def shown(client: Client, path: str) -> list[str]:
    """Return the text of the banners on a page."""
    tree = Tree(client.get(path).content.decode())
    banners = [part for part in tree.all("div") if part.attributes.get("class", "").startswith("announcement ")]
    return [" ".join(banner.text.split()) for banner in banners]


def test_announcement_stands_on_the_pages_it_concerns_and_on_no_other(client: Client, content: dict[str, Any]) -> None:
    guide, symptom = content["guide"], content["symptom"]
    walks = [*WALKS["dongle"], *WALKS["other"]]
    everywhere = {HOME, SEARCH, GUIDE, f"{GUIDE}none/", *walks, *ELSEWHERE, "/nothing/", "/guides/login/nothing/"}
    concerned = {
        "portal": everywhere,
        "guide": {HOME, SEARCH, GUIDE, f"{GUIDE}none/", *walks},
        "symptom": {HOME, SEARCH, *WALKS["dongle"]},
    }
    chosen = {"portal": {}, "guide": {"guides": [guide]}, "symptom": {"symptoms": [symptom]}}
    for scope, paths in concerned.items():
        announcement = make_announcement(title=f"For the {scope}", **chosen[scope])
        assert {path for path in everywhere if shown(client, path)} == paths
        announcement.delete()


def test_banner_says_its_severity_in_words_and_names_the_guide_elsewhere(
    client: Client, content: dict[str, Any]
) -> None:
    values = {"title": "Slow", "text": "Use **TWS**.", "link": "/g/1001/", "link_text": "Status"}
    make_announcement(**values, guides=[content["guide"]], symptoms=[content["symptom"]])
    make_announcement(title="Down", severity="outage")
    make_announcement(title="New look", severity="info")
    outage, info = "Outage: Down", "Information: New look"
    assert shown(client, GUIDE) == [outage, "Problem: Slow Status Use TWS.", info]
    assert shown(client, HOME) == [outage, "Problem: Slow Status Affects: Logging in", info]
    assert shown(client, "/search/?q=qwxz&uncounted") == [outage, info]
    assert shown(client, "/contact/") == [outage, info]
    page = client.get(GUIDE).content.decode()
    assert '<section class="announcements" aria-label="Announcements">' in page.partition('<div id="page"')[2]
    assert "announcement" not in client.get("/feed/").content.decode() + client.get("/sitemap.xml").content.decode()


def test_guide_that_nobody_sees_is_named_nowhere(client: Client, content: dict[str, Any]) -> None:
    draft = make_guide(slug="draft", short_title="Draft", published=False)
    make_announcement(title="Secret", guides=[draft], symptoms=[make_symptom(guide=draft)])
    make_announcement(title="Slow", guides=[draft, content["guide"]])
    assert shown(client, HOME) == ["Problem: Slow Affects: Logging in"]
    assert shown(client, "/guides/draft/") == []
    assert client.get("/guides/draft/").status_code == 404
    staff = signed_in(make_user("Author"))
    assert shown(staff, "/admin/preview/?as-of=") == [
        "Problem: Slow Affects: Logging in · Draft",
        "Problem: Secret Affects: Draft",
    ]


def test_preview_shows_what_is_announced_at_its_moment(content: dict[str, Any]) -> None:
    day = timezone.now().replace(microsecond=0) + timedelta(days=2)
    make_announcement(title="Maintenance", severity="info", starts_at=day, ends_at=day + timedelta(hours=2))
    staff = signed_in(make_user("Author"))
    moments = [day - timedelta(minutes=2), day + timedelta(hours=1), day + timedelta(hours=3)]
    found = [shown(staff, f"/admin/preview{GUIDE}?as-of={moment:%Y-%m-%dT%H:%M}") for moment in moments]
    assert found == [[], ["Information: Maintenance"], []]


def test_overview_takes_one_query_however_many(content: dict[str, Any], django_assert_num_queries: Any) -> None:
    current_with_places(VISITOR)
    for number in range(4):
        make_announcement(title=f"Slow {number}", guides=[content["guide"], make_guide()])
        with django_assert_num_queries(1):
            assert len(current_with_places(VISITOR)) == number + 1


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "/s/1", "/admin/"])
def test_stored_link_that_leads_to_no_page_is_none(client: Client, link: str) -> None:
    make_announcement(link=link, link_text="Read more")

    assert "Read more" not in client.get("/").content.decode()
