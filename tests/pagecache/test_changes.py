"""Every change of content that a page shows is seen on it, through the page cache."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactLine, ContactPoint, Guide, Resolution, Symptom
from tests import factories
from tests.pagecache.asking import Server

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/",
    "/contact/",
    "/guides/g/",
    "/guides/g/none/",
    "/guides/g/s/",
    "/guides/g/s/?no=second",
    "/guides/g/s/all/",
    "/guides/g/s/check/first/",
    "/guides/g/s/check/second/?skip=first",
    "/guides/g/s/fixed/?by=first",
    "/guides/g/s/contact/?no=first",
    "/guides/g/onward/",
    "/faq/",
    "/faq/topic/t/",
    "/faq/e/",
)
SHOWN = (ContactPoint, Resolution, Cause, Guide, Symptom, Check, FaqCategory, FaqEntry)


@pytest.fixture
def content() -> None:
    contact = factories.make_contact_point(slug="desk", email="a@example.com", preparation="A pen")
    resolution = factories.make_resolution(contact_point=contact)
    causes = [
        factories.make_cause(slug=slug, resolution=resolution, prevention="Be careful.") for slug in ("first", "second")
    ]
    guide = factories.make_guide(slug="g", introduction="About it.")
    symptom = factories.make_symptom(
        guide=guide, slug="s", causes=causes, message="Oh", introduction="So.", notice="Beware."
    )
    factories.make_symptom(guide=guide, slug="onward", leads_to=factories.make_guide(slug="next"))
    topic = factories.make_faq_category(slug="t", introduction="All of it.")
    factories.make_faq_entry(category=topic, slug="e", related_symptoms=[symptom])


def changes() -> Iterator[tuple[type[models.Model], str, Any]]:
    """A change of every column of every table that pages are made of, one after the other."""
    for model in SHOWN:
        for field in model._meta.concrete_fields:
            if field.choices:
                yield model, field.name, next(code for code, _ in field.choices if code != field.get_default())
            elif isinstance(field, models.CharField | models.TextField) and field.name != "slug":
                yield model, field.name, f"<Changed & {field.name}>"
            elif isinstance(field, models.DateTimeField) and field.name == "updated_at":
                yield model, field.name, timezone.now().replace(year=2031)
            elif field.name == "minutes":
                yield model, field.name, 77


Answer = tuple[int, str | None, bytes]


def answers(ask: Callable[..., tuple[int, dict[str, str], bytes]]) -> dict[str, Answer]:
    found = {}
    for page in PAGES:
        path, _, query = page.partition("?")
        status, headers, body = ask(path, query=query)
        found[page] = status, headers.get("Location"), body
    return found


def seen(server: Server) -> dict[str, Answer]:
    """Every page from the cache."""
    server.tell_all()
    answers(server.ask)
    return answers(server.ask)


@pytest.mark.usefixtures("content")
def test_every_change_of_a_column_is_seen_on_every_page() -> None:
    server = Server()
    before = seen(server)
    found = set()
    for model, name, value in changes():
        model._default_manager.update(**{name: value})
        now = seen(server)
        assert now == answers(server.fresh), (model, name)
        if now != before:
            found.add((model.__name__, name))
        before = now
    assert len(found) > 20  # so many columns are shown somewhere


@pytest.mark.usefixtures("content")
def test_what_comes_goes_and_moves_is_seen_on_every_page() -> None:
    steps = [
        lambda: Check.objects.reorder(
            Symptom.objects.get(slug="s"), list(Cause.objects.filter(slug__in=("second", "first")).order_by("-slug"))
        ),
        lambda: FaqEntry.objects.get(slug="e").related_symptoms.clear(),
        lambda: factories.make_contact_point(slug="other", name="Another desk"),
        lambda: Resolution.objects.update(contact_point=ContactPoint.objects.get(slug="other")),
        lambda: ContactLine.objects.filter(contact_point__slug="other").delete(),
        lambda: factories.make_symptom(guide=Guide.objects.get(slug="g"), slug="new"),
        lambda: Symptom.objects.filter(slug="new").update(archive_at=timezone.now()),
        lambda: factories.make_faq_entry(category=FaqCategory.objects.get(slug="t")),
        lambda: Check.objects.filter(cause__slug="second").delete(),
    ]
    server = Server()
    for step in steps:
        before = seen(server)
        step()
        now = seen(server)
        assert now == answers(server.fresh)
        assert now != before


@pytest.mark.usefixtures("content")
def test_host_and_names_of_the_portal_have_pages_of_their_own(settings: Any) -> None:
    def page(host: str = "testserver") -> str:
        return Client(SERVER_NAME=host).get("/guides/g/s/").content.decode()

    pages = {page(), page("127.0.0.1")}
    settings.PORTAL_NAME = "Another <name>"
    pages.add(page())
    settings.PUBLIC_URL = "https://help.example.com"
    pages.add(page())
    assert len(pages) == 4
    assert all("Another <name>" not in page for page in pages)
