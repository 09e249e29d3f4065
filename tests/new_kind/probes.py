"""Every feature of the portal, asked of the glossary's terms. Run by `tests/content/test_new_kind.py`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.content.kinds import kind_of
from helpdesk.pagecache.hosts import KnownHosts
from helpdesk.pagecache.key import key_of
from helpdesk.pagecache.triggers import watched_tables
from helpdesk.pagecache.version import stored_number
from helpdesk.search import index
from tests.accounts.staff_people import author, editor, without_rights
from tests.contentadmin.forms import read_form, url_of
from tests.new_kind.glossary.models import Term
from tests.transfer.portals import exported, imported

pytestmark = pytest.mark.django_db


def make_term(**values: Any) -> Term:
    values = {"slug": "passkey", "title": "Passkey", "meaning": "A **quokka** that replaces a password."} | values
    values.setdefault("publish_at", datetime(2026, 1, 5, tzinfo=UTC))
    return Term.objects.create(**values)


@pytest.fixture
def term(db: None) -> Term:
    return make_term()


def test_page_and_draft(term: Term, client: Client) -> None:
    assert "quokka" in client.get("/terms/passkey/").content.decode()
    make_term(slug="draft", publish_at=None)
    assert client.get("/terms/draft/").status_code == 404


def test_search_and_suggestions(term: Term, client: Client) -> None:
    index.catch_up()
    assert "/terms/passkey/" in client.get("/search/?q=quokka").content.decode()
    assert "/terms/passkey/" in client.get("/search/suggestions/?q=passk").content.decode()
    term.meaning = "Nothing"
    term.save()
    index.catch_up()
    assert "/terms/passkey/" not in client.get("/search/?q=quokka").content.decode()
    assert list(index.drift()) == []


def test_sitemap_and_feed(term: Term, client: Client) -> None:
    make_term(slug="draft", publish_at=None)
    sitemap, feed = (client.get(path).content.decode() for path in ("/sitemap.xml", "/feed/"))
    assert "/terms/passkey/</loc>" in sitemap
    assert f"/t/{term.number}/" in feed
    assert "draft" not in sitemap + feed


def test_short_link_and_help_number(term: Term, client: Client) -> None:
    assert client.get(f"/t/{term.number}/").headers["Location"] == "/terms/passkey/"
    assert client.get("/search/", {"q": f"help no. {term.number}"}).headers["Location"] == "/terms/passkey/"


def test_former_address_archive_and_deletion(term: Term, client: Client) -> None:
    term.slug = "pass-key"
    term.save()
    moved = client.get("/terms/passkey/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/terms/pass-key/")
    term.archive_at = timezone.now() - timedelta(hours=1)
    term.save()
    assert client.get("/terms/pass-key/").status_code == 410
    assert client.get(f"/t/{term.number}/").status_code == 410
    number = term.number
    term.delete()
    assert client.get("/terms/pass-key/").status_code == 410
    assert FormerAddress.objects.filter(kind="term", number=number).exists()


def test_ended_former_address_frees_its_slug(term: Term) -> None:
    term.slug = "pass-key"
    term.save()
    FormerAddress.objects.filter(kind="term").update(ended_at=timezone.now())
    other = make_term(slug="passkey")
    response = editor().get(url_of(other, "change"))
    assert b"old links still use it" not in response.content


def test_publish_check(term: Term) -> None:
    symbols = {"meaning": "See [this](/terms/nowhere/) and [that](/t/999999/).", "slug": "all"}
    bad = make_term(slug="bad", publish_at=None, meaning=symbols["meaning"])
    client = editor()
    fields = read_form(client.get(url_of(bad, "change")))
    response = client.post(url_of(bad, "change"), fields | {"publish_at_0": "2026-01-05", "publish_at_1": "09:00"})
    assert response.status_code == 200
    bad.refresh_from_db()
    assert bad.publish_at is None
    make_term(slug="linked", meaning="[that](/t/999999/)")
    with pytest.raises(CommandError, match="1 error"):
        call_command("check_content")


def test_links_between_kinds(term: Term) -> None:
    """A link to a term is no dead link, neither by its short link nor by its address."""
    make_term(slug="links", meaning=f"[one](/t/{term.number}/)")
    call_command("check_content")


def test_history_restore_and_page_as_of(term: Term) -> None:
    client = editor()
    first = Term.history.get()
    Term.history.update(history_date=datetime(2026, 3, 1, 12, tzinfo=UTC))
    term.meaning = "Another text."
    term.save()
    assert Term.history.count() == 2
    text = client.get(url_of(term, "history")).content.decode()
    assert "Another" in text
    as_of = client.get(url_of(term, "history_at"), {"moment": "2026-03-02T12:00"}).content.decode()
    assert "quokka" in as_of
    version = reverse("admin:glossary_term_simple_history", args=[term.pk, first.history_id])
    assert "quokka" in client.get(version).content.decode()


def test_preview(term: Term) -> None:
    make_term(slug="draft", meaning="A wombat.", publish_at=None)
    planned = make_term(slug="planned", meaning="A koala.", publish_at=datetime(2030, 1, 1, tzinfo=UTC))
    client = editor()
    assert "wombat" in client.get("/admin/preview/terms/draft/").content.decode()
    assert client.get("/admin/preview/terms/planned/?as-of=2029-01-01T09:00").status_code == 404
    assert "koala" in client.get("/admin/preview/terms/planned/?as-of=2031-01-01T09:00").content.decode()
    assert planned.title in client.get("/admin/preview/?as-of=2031-01-01T09:00").content.decode()


def test_preview_of_unsaved_text(term: Term) -> None:
    client = editor()
    fields = read_form(client.get(url_of(term, "change"))) | {"meaning": "A dingo."}
    page = client.post(reverse("admin:glossary_term_preview", args=[term.pk]), fields)
    assert "dingo" in page.content.decode()
    term.refresh_from_db()
    assert "quokka" in term.meaning


def test_export_and_import(term: Term) -> None:
    text = exported()
    assert "quokka" in text
    number = term.number
    for model in (Term, FormerAddress, HelpNumber):
        model.objects.all().delete()
    imported(text)
    restored = Term.objects.get()
    assert (restored.number, restored.meaning, restored.publish_at) == (number, term.meaning, term.publish_at)
    assert exported() == text


def test_permissions(term: Term) -> None:
    draft = make_term(slug="draft", publish_at=None)
    assert without_rights().get(url_of(term, "change")).status_code == 403
    writer = author()
    assert b'name="meaning"' in writer.get(url_of(draft, "change")).content
    assert b'name="meaning"' not in writer.get(url_of(term, "change")).content
    fields = read_form(editor().get(url_of(term, "change"))) | {"meaning": "Mine."}
    assert writer.post(url_of(term, "change"), fields).status_code == 403
    term.refresh_from_db()
    assert "quokka" in term.meaning


@pytest.mark.django_db(transaction=True)
def test_cache_invalidation() -> None:
    assert Term._meta.db_table in watched_tables()
    term = make_term()
    before = stored_number()
    Term.objects.filter(pk=term.pk).update(meaning="Changed.")
    assert stored_number() != before
    environ = {"PATH_INFO": "/terms/passkey/", "QUERY_STRING": "", "wsgi.url_scheme": "http", "HTTP_HOST": "h"}
    assert key_of(environ, KnownHosts(), trusts_proxy=False) is not None


def test_work_list_flags_and_deletion_page(term: Term) -> None:
    client = editor()
    make_term(slug="draft", title="A draft term", publish_at=None)
    assert "A draft term" in client.get("/admin/work/").content.decode()
    deletion = client.get(url_of(term, "delete")).content.decode()
    assert "410" in deletion or "gone" in deletion
    flag = client.get(reverse("admin:flag", args=["glossary", "term", term.pk]))
    assert flag.status_code in (200, 405)


def test_kind_is_known(term: Term) -> None:
    assert kind_of(term).label == "term"
    assert [field.name for field in kind_of(term).markdown_fields] == ["meaning"]
