"""Publishing by moments: what is public, and that nothing else shows anywhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils import timezone

from helpdesk.content.publishing import State
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Guide, Symptom
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def staff_client(client):
    client.force_login(get_user_model().objects.create_user("agent", is_staff=True))
    return client


@pytest.mark.parametrize(
    ("publish_at", "archive_at", "state"),
    [
        (None, None, State.DRAFT),
        (NOON + HOUR, None, State.SCHEDULED),
        (NOON, None, State.PUBLISHED),
        (NOON - HOUR, None, State.PUBLISHED),
        (NOON - HOUR, NOON + HOUR, State.PUBLISHED),
        (NOON - HOUR, NOON, State.ARCHIVED),
    ],
)
def test_state_and_query_agree(publish_at, archive_at, state):
    guide = factories.make_guide(publish_at=publish_at, archive_at=archive_at)

    assert guide.state_at(NOON) == state
    assert Guide.objects.published(at=NOON).exists() == (state is State.PUBLISHED)
    assert Guide.objects.gone(at=NOON).exists() == (state is State.ARCHIVED)


def test_state_text_names_the_moment():
    assert Guide(publish_at=None).state_text == "Draft"
    assert Guide(publish_at=NOON).state_text == "Published since June 1, 2026, 12:00 PM"
    assert Guide(publish_at=timezone.now() + HOUR).state_text.startswith("Scheduled for ")
    assert Guide(publish_at=NOON, archive_at=NOON + HOUR).state_text == "Archived since June 1, 2026, 1:00 PM"


def test_the_databases_clock_decides_without_a_moment():
    now = timezone.now()
    past = factories.make_guide(publish_at=now - HOUR)
    factories.make_guide(publish_at=now + HOUR)
    gone = factories.make_guide(publish_at=now - 2 * HOUR, archive_at=now - HOUR)

    assert list(Guide.objects.published()) == [past]
    assert list(Guide.objects.gone()) == [gone]


@pytest.mark.parametrize("archive_at", [NOON, NOON - HOUR])
def test_archived_before_published_is_refused(archive_at):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_guide(publish_at=NOON, archive_at=archive_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_guide(publish_at=None, archive_at=archive_at)


def test_symptom_of_an_unpublished_guide_is_not_published():
    factories.make_symptom(guide=factories.make_guide(published=False))

    assert not Symptom.objects.published().exists()


def test_symptom_that_leads_to_an_unpublished_guide_is_not_published():
    factories.make_symptom(leads_to=factories.make_guide(published=False))

    assert not Symptom.objects.published().exists()


@pytest.fixture
def hidden_and_shown():
    """A guide, a symptom and an FAQ entry in each state, told apart by a word in their titles."""
    later = {"publish_at": timezone.now() + HOUR}
    guide = factories.make_guide(slug="open", title="Visible guide")
    category = factories.make_faq_category(slug="topic-open")
    shown = factories.make_symptom(guide=guide, slug="shown", title="Visible symptom")
    for word, moment in (("draft", {"publish_at": None}), ("scheduled", later)):
        secret = factories.make_guide(slug=f"{word}-guide", title=f"Secret {word} guide", **moment)
        factories.make_symptom(guide=secret, slug="inside", title=f"Secret {word} inside")
        hidden = factories.make_symptom(guide=guide, slug=word, title=f"Secret {word} symptom", **moment)
        factories.make_faq_entry(
            category=category,
            slug=f"{word}-entry",
            question=f"Secret {word} entry?",
            related_symptoms=[shown],
            **moment,
        )
    factories.make_faq_entry(
        category=category, slug="shown-entry", question="Visible entry?", related_symptoms=[shown, hidden]
    )
    factories.make_faq_category(slug="empty", title="Secret empty category")


PUBLIC = [
    "/",
    "/contact/",
    "/guides/open/",
    "/guides/open/none/",
    "/guides/open/shown/",
    "/guides/open/shown/all/",
    "/guides/open/shown/contact/",
    "/guides/open/shown/fixed/",
    "/faq/",
    "/faq/topic/topic-open/",
    "/faq/shown-entry/",
    "/feed/",
    "/sitemap.xml",
    "/robots.txt",
]
GUESSED = [
    *(f"/guides/{word}-guide/" for word in ("draft", "scheduled")),
    *(f"/guides/{word}-guide/none/" for word in ("draft", "scheduled")),
    *(f"/guides/{word}-guide/inside/" for word in ("draft", "scheduled")),
    *(
        f"/guides/open/{word}/{below}"
        for word in ("draft", "scheduled")
        for below in ("", "all/", "fixed/", "contact/")
    ),
    *(f"/faq/{word}-entry/" for word in ("draft", "scheduled")),
    "/faq/topic/empty/",
]


@pytest.mark.usefixtures("hidden_and_shown")
@pytest.mark.parametrize("path", PUBLIC)
def test_unpublished_is_on_no_page(client, path):
    response = client.get(path)

    assert response.status_code == 200
    text = response.content.decode()
    assert "Secret" not in text
    assert "draft" not in text


@pytest.mark.usefixtures("hidden_and_shown")
@pytest.mark.parametrize("path", GUESSED)
def test_unpublished_at_a_guessed_address_is_like_nothing(client, path):
    """At the same place, that is: the page names what is public there, such as the guide in the address."""
    response = client.get(path)
    nothing = re.sub("draft|scheduled|empty", "qqqqq", path)
    assert nothing != path

    assert response.status_code == 404
    assert response.content == client.get(nothing).content


@pytest.mark.usefixtures("hidden_and_shown")
def test_unpublished_short_links_are_like_nothing(client):
    for page in [*Symptom.objects.all(), *Guide.objects.all(), *FaqEntry.objects.all()]:
        public = type(page).objects.published().filter(pk=page.pk).exists()
        assert client.get(page.short_url).status_code == (302 if public else 404)


@pytest.mark.usefixtures("hidden_and_shown")
def test_unpublished_is_not_counted(client):
    assert Guide.objects.get(slug="open").symptoms.count() == 3
    assert "1 common problem<" in client.get("/").content.decode()


@pytest.mark.usefixtures("hidden_and_shown")
@pytest.mark.parametrize("path", PUBLIC[:-3] + GUESSED[:-1])
def test_staff_see_the_unpublished_in_the_preview(staff_client, path):
    response = staff_client.get(f"/admin/preview{path}")

    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in response.headers["Cache-Control"]
    assert f'href="/admin/preview{"/guides/" if path.startswith("/g") else "/"}' in response.content.decode()


@pytest.mark.usefixtures("hidden_and_shown")
def test_preview_shows_drafts_in_lists(staff_client):
    assert "Secret draft symptom" in staff_client.get("/admin/preview/guides/open/").content.decode()
    assert "Secret draft entry?" in staff_client.get("/admin/preview/faq/").content.decode()


@pytest.mark.usefixtures("hidden_and_shown")
@pytest.mark.parametrize("path", PUBLIC[:-3] + GUESSED)
def test_preview_is_for_staff_only(client, path):
    response = client.get(f"/admin/preview{path}")
    assert (response.status_code, response.headers["Location"].partition("?")[0]) == (302, "/admin/login/")

    client.force_login(get_user_model().objects.create_user("customer"))
    assert client.get(f"/admin/preview{path}").status_code == 302


@pytest.mark.usefixtures("hidden_and_shown")
@pytest.mark.parametrize("path", PUBLIC + GUESSED)
def test_public_addresses_answer_staff_like_everyone(client, path):
    visitor = client.get(path)
    client.force_login(get_user_model().objects.create_superuser("admin"))
    staff = client.get(path)

    assert (staff.status_code, staff.content) == (visitor.status_code, visitor.content)
    assert not staff.cookies
