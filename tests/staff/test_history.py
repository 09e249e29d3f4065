"""The history of a record: who changed what, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_contact_point, make_guide, make_symptom
from tests.staff.forms import opened, save, url_of
from tests.staff.people import author, editor

pytestmark = pytest.mark.django_db


def version_url(guide: Any, version: Any) -> str:
    return reverse("admin:guides_guide_simple_history", args=[guide.pk, version.pk])


def test_history_names_who_changed_what() -> None:
    guide = make_guide(title="Before")
    client = editor("Ada")
    save(client, guide, title="After <b>")
    content = client.get(url_of(guide, "history")).content.decode()
    assert guide.history.first().history_user.username == "Ada"
    assert "<td>Ada</td>" in content
    assert "<del>Before</del> → <ins>After &lt;b&gt;</ins>" in content


def test_editor_goes_back_to_an_older_version() -> None:
    guide = make_guide(title="Before")
    client = editor()
    save(client, guide, title="After")
    url = version_url(guide, guide.history.last())
    assert client.post(url, opened(client, url)).status_code == 302
    guide.refresh_from_db()
    assert guide.title == "Before"


def test_older_version_of_a_draft_does_not_let_an_author_change_what_is_public() -> None:
    make_contact_point()
    guide = make_guide(title="Before", published=False)
    make_symptom(guide=guide)
    save(editor(), guide, title="After", publish_at_0="2026-01-01", publish_at_1="09:00")
    client = author()
    draft = guide.history.last()
    assert draft.publish_at is None
    assert client.get(version_url(guide, draft)).status_code == 200
    response = client.post(version_url(guide, draft), {"title": "Before", "slug": guide.slug, "short_title": "x"})
    guide.refresh_from_db()
    assert (response.status_code, guide.title) == (403, "After")


def test_older_public_version_does_not_let_an_author_publish() -> None:
    guide = make_guide(title="Before")
    guide.publish_at = None
    guide.title = "After"
    guide.save()
    client = author()
    url = version_url(guide, guide.history.last())
    assert guide.history.last().publish_at is not None
    assert client.post(url, opened(client, url)).status_code == 302
    guide.refresh_from_db()
    assert (guide.title, guide.publish_at) == ("Before", None)


@pytest.mark.parametrize("junk", ["x", "0x1", "9" * 40, "١"])
def test_history_of_an_impossible_number_is_not_found(junk: str, client: Client) -> None:
    client = editor()
    guide = make_guide()
    page = reverse("admin:guides_guide_history", args=[guide.pk])
    assert client.get(page.replace(f"/{guide.pk}/", f"/{junk}/")).status_code == 404
    version = version_url(guide, guide.history.first())
    for url in (version.replace(f"/{guide.pk}/history", f"/{junk}/history"), f"{page}{junk}/"):
        assert client.get(url).status_code == 404
