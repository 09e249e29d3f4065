"""Legal texts: a page, its life, and the old addresses; the rest follows from the registry of kinds."""

import pytest
from django.test import Client

from helpdesk.identity.models import Identity
from helpdesk.legal.models import LegalText
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import save
from tests.factories import make_identity, make_legal_text

pytestmark = pytest.mark.django_db


def test_page_shows_the_text_under_its_own_address_and_short_link(client):
    text = make_legal_text(slug="privacy", title="Privacy & cookies", text="We keep **nothing**.")
    page = client.get("/legal/privacy/").content.decode()
    assert '<h1 tabindex="-1">Privacy &amp; cookies</h1>' in page
    assert "We keep <strong>nothing</strong>." in page
    assert client.get(text.short_url).headers["Location"] == "/legal/privacy/"
    assert 'href="/legal/privacy/"' in client.get("/search/?q=cookies").content.decode()
    assert "/legal/privacy/" in client.get("/sitemap.xml").content.decode()
    assert "/legal/privacy/" not in client.get("/feed/").content.decode()


def test_draft_is_for_staff_and_a_renamed_page_leads_on(client):
    text = make_legal_text(slug="privacy", published=False)
    assert client.get("/legal/privacy/").status_code == 404
    assert editor().get("/admin/preview/legal/privacy/").status_code == 200
    text = make_legal_text(slug="terms")
    text.slug = "terms-of-use"
    text.save()
    answer = client.get("/legal/terms/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/legal/terms-of-use/")


def test_footer_leads_to_it_by_its_short_link():
    text = make_legal_text(slug="privacy")
    make_identity()
    save(editor(), Identity.objects.get(), footer_links=f"- [Privacy]({text.short_url})")
    page = Client().get("/").content.decode()
    assert f'<a href="{text.short_url}">Privacy</a>' in page[page.index("<footer") :]
    assert LegalText.objects.get().short_url == text.short_url
