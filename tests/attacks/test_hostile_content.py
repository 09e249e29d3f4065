"""Markup in every text of the content that is no Markdown, and a hostile one in each that is: shown as text everywhere.

The rows are written past the forms, as an import or a program might have done it.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from helpdesk.guides.models import Symptom
from tests.accounts.staff_people import make_user, signed_in
from tests.attacks.payloads import MARK

APPS = ("guides", "faq")
HOSTILE = f"\"'>{MARK}</title></script></textarea><img src=x onerror=zx9>"


def content_models() -> list[type[models.Model]]:
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    ]


def texts_of(model: type[models.Model]) -> list[str]:
    """The fields that hold a text, but those with a rule of their own about what may stand in it."""
    free = [field for field in model._meta.concrete_fields if isinstance(field, models.CharField | models.TextField)]
    return [field.name for field in free if type(field) in (models.CharField, models.TextField) and not field.choices]


@pytest.fixture
def hostile_content(first_content: None) -> int:
    """How many fields of content hold the hostile text now."""
    filled = 0
    for model in content_models():
        for name in texts_of(model):
            longest = model._meta.get_field(name).max_length or 10_000
            if longest >= len(HOSTILE):
                filled += model._default_manager.update(**{name: HOSTILE}) > 0
    return filled


def came_through(page: bytes) -> bool:
    return MARK.encode() in page or b"<img src=x" in page


def test_no_page_feed_or_suggestion_lets_it_through(hostile_content: int, client: Client) -> None:
    assert hostile_content > 12
    sitemap = client.get("/sitemap.xml").content
    paths = [re.sub("https?://[^/]+", "", path) for path in re.findall("<loc>(.*?)</loc>", sitemap.decode())]
    assert len(paths) > 40
    symptom = Symptom.objects.select_related("guide").filter(leads_to=None).first()
    assert symptom is not None
    page = f"/guides/{symptom.guide.slug}/{symptom.slug}/"
    steps = [page + step for step in ("all/", "contact/", "fixed/")]
    more = ["/feed/", "/robots.txt", "/search/?q=onerror", "/search/suggestions/?q=onerror", f"/s/{symptom.number}/"]
    shown = 0
    for path in [*paths, *steps, *more]:
        answer = client.get(path, follow=True)
        assert (path, answer.status_code) == (path, 200)
        assert not came_through(answer.content), path
        shown += b"&lt;img src=x" in answer.content
    # It is there: shown as the text it is.
    assert shown > 40
    ElementTree.fromstring(client.get("/feed/").content)
    ElementTree.fromstring(sitemap)


def test_no_page_of_staff_lets_it_through(hostile_content: int) -> None:
    staff = signed_in(make_user(superuser=True))
    for model in content_models():
        record = model._default_manager.first()
        place = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for path in (place, f"{place}{record.pk}/change/" if record else place):
            answer = staff.get(path)
            if answer.status_code == 200:
                assert not came_through(answer.content), path
    for path in ("/admin/", "/admin/work/", "/admin/preview/", "/admin/tickets/?q=onerror", "/admin/bundles/"):
        assert not came_through(staff.get(path, follow=True).content), path
