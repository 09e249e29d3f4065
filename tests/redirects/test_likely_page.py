"""Pages 404 and 410 show the page that was meant, and how to reach people."""

import pytest
from django.db import DatabaseError

from helpdesk.portal import context
from tests import factories

pytestmark = pytest.mark.django_db

OFFER = "Were you looking for this page?"


@pytest.fixture
def guides():
    """Two guides with one situation of the same slug each, the second also with a draft; and people to call."""
    factories.make_contact_line(number="+1 877 442 2757")
    platform = factories.make_guide(slug="platform", title="No platform", short_title="Platform")
    account = factories.make_guide(slug="account", title="No account", short_title="Account")
    for guide in (platform, account):
        factories.make_symptom(guide=guide, slug="no-connection", title=f"Offline: {guide.short_title}")
    factories.make_symptom(guide=account, slug="secret-plans", title="Secret plans", published=False)
    return platform, account


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("/guides/account/no-conection/", "/guides/account/no-connection/"),
        ("/guides/platform/no-conection/", "/guides/platform/no-connection/"),
        ("/help/account/no_connection.html", "/guides/account/no-connection/"),
        ("/guides/account/xyz/", "/guides/account/"),
        ("/guides/acount/", "/guides/account/"),
    ],
)
def test_path_like_that_of_a_page_offers_the_page(client, guides, path, href):
    response = client.get(path)

    html = response.content.decode()
    assert (response.status_code, OFFER in html, f'<a href="{href}">' in html) == (404, True, True)
    assert "877 442 2757" in html


@pytest.mark.parametrize(
    "path",
    [
        "/nothing/",
        "/wp-admin/account/",
        "/account.php",
        "/account/<script>alert(1)</script>/",
        f"/account/{'a' * 99}/",
    ],
)
def test_path_that_no_person_means_offers_people_only(client, guides, path):
    html = client.get(path).content.decode()

    assert (OFFER in html, "alert(1)" in html, "877 442 2757" in html) == (False, False, True)


def test_draft_is_answered_like_nothing(client, guides):
    draft, nothing = (client.get(f"/guides/account/{slug}/") for slug in ("secret-plans", "absolutely-not"))

    assert draft.status_code == nothing.status_code == 404
    assert draft.content == nothing.content


def test_removed_page_offers_its_guide_and_people(client, guides):
    gone = factories.make_symptom(guide=guides[0], slug="old-story")
    gone.delete()

    response = client.get("/guides/platform/old-story/")

    html = response.content.decode()
    assert (response.status_code, html.count('href="/guides/platform/"'), "877 442 2757" in html) == (410, 1, True)


def test_error_page_is_shown_without_a_database(rf, monkeypatch):
    def fail(*args):
        raise DatabaseError

    monkeypatch.setattr(context, "likely_page", fail)
    monkeypatch.setattr(context, "all_contacts", fail)

    found = context.ways_on(rf.get("/guides/a/"))

    assert (bool(found["suggested_page"]), list(found["portal_contacts"])) == (False, [])
