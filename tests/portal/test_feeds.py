"""The addresses for machines, and whether the portal is well."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.guides.models import Cause, Resolution, Symptom
from tests import factories

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def tree(client, path):
    return ElementTree.fromstring(client.get(path).content)


def test_feed_has_symptoms_and_entries_the_latest_change_first(client):
    old, cause_changed, new = (factories.make_symptom(title=title, message="Boom") for title in ("Old", "Cause", "New"))
    entry = factories.make_faq_entry(question="Why?", answer="Because **so**.")
    moments = [(old, 1), (cause_changed, 2), (new, 3), (entry, 4)]
    for page, hour in moments:
        type(page).objects.filter(pk=page.pk).update(updated_at=datetime(2026, 3, 1, hour, tzinfo=UTC))
    for model in (Cause, Resolution):
        model.objects.update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    cause_changed.causes.update(updated_at=datetime(2026, 3, 2, tzinfo=UTC))

    feed = tree(client, "/feed/")

    guide = cause_changed.guide.short_title
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        f"{guide}: Cause",
        "Why?",
        f"{guide}: New",
        f"{guide}: Old",
    ]
    first = next(feed.iter(f"{ATOM}entry"))
    assert first.findtext(f"{ATOM}id") == f"http://testserver{cause_changed.short_url}"
    assert first.findtext(f"{ATOM}updated") == "2026-03-02T00:00:00+00:00"
    assert first.find(f"{ATOM}link").get("href") == f"http://testserver{cause_changed.get_absolute_url()}"


def test_feed_of_an_empty_portal_is_a_feed(client):
    assert tree(client, "/feed/").tag == f"{ATOM}feed"


def test_feed_has_symptoms_that_lead_on(client):
    factories.make_symptom(title="Onward", leads_to=factories.make_guide())

    assert "Onward" in client.get("/feed/").content.decode()


def test_sitemap_has_every_page_and_no_step(client):
    symptom = factories.make_symptom()
    entry = factories.make_faq_entry()
    factories.make_faq_entry(category=entry.category)

    places = [url.findtext(f"{MAP}loc") for url in tree(client, "/sitemap.xml").iter(f"{MAP}url")]

    pages = [symptom.guide, symptom, entry.category, *entry.category.entries.all()]
    wanted = ["/", "/contact/", "/faq/", *(page.get_absolute_url() for page in pages)]
    assert sorted(places) == sorted(f"http://testserver{path}" for path in wanted)


def test_robots_names_the_sitemap_and_keeps_staff_pages_out(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /handoff/",
        "Sitemap: http://testserver/sitemap.xml",
    ]


def test_pages_scheduled_appear_and_archived_disappear_by_themselves(client):
    now = timezone.now()
    symptom = factories.make_symptom(title="Soon", publish_at=now + timedelta(hours=1))
    symptom.guide.publish_at = now - timedelta(days=1)
    symptom.guide.save()

    def is_listed():
        return [symptom.get_absolute_url() in client.get(path).content.decode() for path in ("/feed/", "/sitemap.xml")]

    assert is_listed() == [False, False]
    Symptom.objects.update(publish_at=now - timedelta(hours=1))
    assert is_listed() == [True, True]
    Symptom.objects.update(archive_at=now - timedelta(minutes=1))
    assert is_listed() == [False, False]


def test_health_is_told_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_says_so(client):
    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\n")
    assert "no-store" in response.headers["Cache-Control"]


def test_ready_only_reads(client):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/readyz").content == b"ready\n"

    assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "PRAGMA"}


def test_ready_names_what_is_missing(client):
    MigrationRecorder.Migration.objects.filter(app="links").order_by("name").last().delete()
    response = client.get("/readyz")

    assert (response.status_code, response.content.decode()) == (503, "migrations: 1 not applied\n")


def test_ready_names_a_broken_database(client, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert "database: OperationalError\n" in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_those_who_watch_may_ask_by_any_address_and_without_https(client, settings, path):
    settings.SECURE_SSL_REDIRECT = True

    response = client.get(path, headers={"Host": "10.1.2.3:8000"})

    assert response.status_code == 200
    assert "10.1.2.3" not in response.content.decode()


def test_ready_without_redis_and_says_that_it_is_missing(client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (200, b"ready\ncache: ConnectionError\n")
