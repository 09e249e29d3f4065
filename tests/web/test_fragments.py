"""What is rendered is kept under all that it shows: nothing out of date is ever shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.utils import timezone
from django.utils.safestring import SafeString

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.web import fragments
from tests import factories

pytestmark = pytest.mark.django_db

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
    contact = factories.make_contact_point(slug="desk", hours="Always", email="a@example.com", preparation="A pen")
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
            if isinstance(field, models.CharField | models.TextField) and field.name != "slug":
                yield model, field.name, f"<Changed & {field.name}>"
            elif isinstance(field, models.DateTimeField) and field.name == "updated_at":
                yield model, field.name, timezone.now().replace(year=2031)
            elif field.name == "minutes":
                yield model, field.name, 77


def seen(path: str) -> str:
    response = Client().get(path, follow=True)
    assert response.status_code == 200, path
    return response.content.decode()


def anew(path: str) -> str:
    """The page with nothing kept."""
    kept, fragments.shelf = fragments.shelf, fragments.Shelf(fragments.MOST_CHARACTERS)
    try:
        return seen(path)
    finally:
        fragments.shelf = kept


@pytest.mark.usefixtures("content")
def test_every_change_of_a_column_is_seen_on_every_page() -> None:
    before = {path: seen(path) for path in PAGES}
    found = set()
    for model, name, value in changes():
        model._default_manager.update(**{name: value})
        for path in PAGES:
            now = seen(path)
            assert now == anew(path), (path, model, name)
            if now != before[path]:
                found.add((model.__name__, name))
            before[path] = now
    assert len(found) > 20  # so many columns are shown somewhere


@pytest.mark.usefixtures("content")
def test_what_comes_goes_and_moves_is_seen_on_every_page() -> None:
    steps = [
        lambda: Check.objects.reorder(
            Symptom.objects.get(slug="s"), list(Cause.objects.filter(slug__in=("second", "first")).order_by("-slug"))
        ),
        lambda: FaqEntry.objects.get(slug="e").related_symptoms.clear(),
        lambda: Resolution.objects.update(contact_point=None),
        lambda: factories.make_symptom(guide=Guide.objects.get(slug="g"), slug="new"),
        lambda: Symptom.objects.filter(slug="new").update(archive_at=timezone.now()),
        lambda: factories.make_contact_point(name="Another desk"),
        lambda: factories.make_faq_entry(category=FaqCategory.objects.get(slug="t")),
        lambda: Check.objects.filter(cause__slug="second").delete(),
    ]
    for step in steps:
        before = {path: seen(path) for path in PAGES}
        step()
        now = {path: seen(path) for path in PAGES}
        assert now == {path: anew(path) for path in PAGES}
        assert now != before


@pytest.mark.usefixtures("content")
def test_page_is_not_rendered_again_for_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    first = seen("/guides/g/s/")
    monkeypatch.setattr(fragments, "rendered", None)  # whoever renders, fails
    assert seen("/guides/g/s/") == first


@pytest.mark.usefixtures("content")
def test_host_and_names_of_the_portal_have_pages_of_their_own(settings: Any) -> None:
    pages = {seen("/guides/g/s/"), Client(SERVER_NAME="127.0.0.1").get("/guides/g/s/").content.decode()}
    settings.PORTAL_NAME = "Another <name>"
    pages.add(seen("/guides/g/s/"))
    settings.PUBLIC_URL = "https://help.example.com"
    pages.add(seen("/guides/g/s/"))
    assert len(pages) == 4
    assert all("Another <name>" not in page for page in pages)


@pytest.mark.usefixtures("content")
def test_what_visitors_wrote_is_not_kept() -> None:
    words = "my secret words " * 40
    Client().post("/guides/g/none/", {"words": words})
    Client().get("/search/", {"q": "my secret words"})
    assert "my secret words" not in repr(list(fragments.shelf.texts))
    assert "my secret words" not in "".join(text for text, _ in fragments.shelf.texts.values())


def test_values_that_look_different_have_different_keys() -> None:
    values = [1, True, "1", "a&b", SafeString("a&b"), None, "None", (), ("",), ["a", "b"], ["ab"], (("a",), "b")]
    keys = [fragments.key_of(value) for value in values]
    assert [keys.index(key) for key in keys] == list(range(len(values)))


@pytest.mark.parametrize("value", [1.5, object(), {"a": 1}, [object()], timezone.now()])
def test_value_that_does_not_say_what_it_shows_has_no_key(value: Any) -> None:
    with pytest.raises(fragments.NoKey):
        fragments.key_of(value)


def test_record_that_was_fetched_otherwise_has_no_key() -> None:
    factories.make_guide(slug="g")
    with pytest.raises(fragments.NoKey):
        fragments.key_of(Guide.objects.get(slug="g"))


def test_shelf_keeps_no_more_than_it_may_and_drops_what_nobody_asks_for() -> None:
    shelf = fragments.Shelf(most_characters=10_000)
    for number in range(40):
        shelf.put(("page", number), SafeString("x" * 500))
        shelf.get(("page", 0))
    assert shelf.characters <= 10_000
    assert shelf.characters == sum(size for _, size in shelf.texts.values())
    assert shelf.get(("page", 0)) == "x" * 500
    assert shelf.get(("page", 1)) is None
    shelf.put("large", SafeString("x" * 9_000))
    assert shelf.get("large") is None
