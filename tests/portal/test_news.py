"""The page "What's new"."""

from datetime import timedelta

import pytest
from django.utils import timezone

from helpdesk.content.dates import day_in_words
from helpdesk.guides.models import Cause, Resolution, Symptom
from tests import factories

pytestmark = pytest.mark.django_db


def test_pages_stand_under_the_day_of_their_latest_change_and_say_whether_they_are_new(client):
    now = timezone.now()
    long_ago = now - timedelta(days=30)
    old, changed = (
        factories.make_symptom(title=title, publish_at=now - timedelta(days=age))
        for title, age in (("Old <and> seldom", 20), ("Lately changed", 40))
    )
    draft = factories.make_symptom(title="Still a draft", publish_at=None)
    entry = factories.make_faq_entry(question="Why?", publish_at=now)
    for model in (Symptom, Cause, Resolution):
        model.objects.update(updated_at=long_ago)
    changed.causes.update(updated_at=now - timedelta(days=2))

    page = client.get("/news/").content.decode()

    places = [
        page.index(words)
        for words in (
            day_in_words(now),
            entry.get_absolute_url(),
            day_in_words(now - timedelta(days=2)),
            f'{changed.guide.short_title}: Lately changed</strong> <span class="muted">Changed<',
            day_in_words(now - timedelta(days=20)),
            'Old &lt;and&gt; seldom</strong> <span class="muted">New page<',
        )
    ]
    assert places == sorted(places)
    assert draft.title not in page
    assert old.get_absolute_url() in page


def test_page_leads_to_the_feed_and_every_page_to_it(client):
    news = client.get("/news/").content.decode()
    assert '<a href="/feed/">Subscribe to these changes</a>' in news
    assert '<a href="/news/">' in client.get("/").content.decode()


def test_empty_portal_has_an_empty_page(client):
    assert "Nothing here yet." in client.get("/news/").content.decode()
