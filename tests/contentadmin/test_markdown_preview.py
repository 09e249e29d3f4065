"""The preview beside a Markdown field."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from helpdesk.contentadmin.views import LONGEST_BODY, LONGEST_TEXT
from helpdesk.text import markdown
from tests.accounts.staff_people import editor, make_user, without_rights
from tests.contentadmin.forms import url_of
from tests.factories import make_faq_entry, make_symptom

pytestmark = pytest.mark.django_db

TEXT = '!!! note "Good"\n    Press ++ctrl+c++ <script>alert(1)</script>'


@pytest.fixture
def url() -> str:
    return reverse("admin:markdown-preview")


def test_preview_is_rendered_by_the_code_of_the_site(url: str) -> None:
    response = without_rights().post(url, {"text": TEXT})
    assert (response.status_code, response.content.decode()) == (200, markdown.render(TEXT))
    assert "<script" not in response.content.decode()


def test_preview_of_nothing_is_empty(url: str) -> None:
    assert without_rights().post(url).content == b""


def test_preview_is_for_posts_only(url: str) -> None:
    assert without_rights().get(url, {"text": TEXT}).status_code == 405


@pytest.mark.parametrize("length", [LONGEST_TEXT + 1, LONGEST_BODY])
def test_preview_of_a_text_that_is_too_long_is_refused(url: str, length: int) -> None:
    assert without_rights().post(url, {"text": "x" * length}).status_code == 413


def test_preview_is_for_staff_only(url: str) -> None:
    customer = Client()
    customer.force_login(make_user(staff=False))
    for client in (Client(), customer):
        response = client.post(url, {"text": TEXT})
        assert (response.status_code, response.url) == (302, f"{reverse('admin:login')}?next={url}")


def test_preview_needs_the_token(url: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editor"))
    assert client.post(url, {"text": TEXT}).status_code == 403


def test_every_long_text_has_its_preview() -> None:
    client = editor()
    symptom, entry = make_symptom(), make_faq_entry()
    cause = symptom.checks.get().cause
    records = (symptom.guide, symptom, cause, cause.resolution, entry.category, entry)
    counts = [client.get(url_of(record)).content.decode().count("data-markdown-field") for record in records]
    assert counts == [1, 2, 2, 1, 1, 1]
