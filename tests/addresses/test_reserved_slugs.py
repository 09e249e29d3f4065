"""Rows whose slug becomes a word of the address scheme, as an update finds them."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Cause, Guide, Symptom
from tests import factories

pytestmark = pytest.mark.django_db


def allow_every_slug():
    """Take the constraints away that the previous version did not have, until the test's transaction is rolled back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:  # a table with checks to come at the end of the transaction cannot be changed
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        names = ("guides_guide", "guides_symptom", "guides_cause", "faq_faqcategory", "faq_faqentry")
        for name in names if connection.vendor == "postgresql" else ():
            cursor.execute(f"ALTER TABLE {name} DROP CONSTRAINT {name}_slug_allowed")


@pytest.fixture
def found():
    """A symptom at /guides/found/fix/ with the cause "fix", in a portal of the previous version."""
    symptom = factories.make_symptom(slug="a", guide=factories.make_guide(slug="b"), causes=[])
    cause = factories.make_cause(slug="c")
    factories.make_symptom(slug="fix-2", guide=symptom.guide)
    allow_every_slug()
    try:
        Guide.objects.filter(pk=symptom.guide_id).update(slug="found")
        Symptom.objects.filter(pk=symptom.pk).update(slug="fix")
        Cause.objects.filter(pk=cause.pk).update(slug="fix")
        yield symptom
    finally:
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA ignore_check_constraints = OFF")


def rename(app="guides"):
    import_module(f"helpdesk.{app}.migrations.0002_rename_reserved_slugs").rename(apps, None)


def test_rename_reserved_old_addresses_lead_to_the_pages(client, found):
    rename()

    assert list(Guide.objects.values_list("slug", flat=True)) == ["found-2"]
    assert sorted(Symptom.objects.values_list("slug", flat=True)) == ["fix-2", "fix-3"]
    assert Cause.objects.filter(slug="fix-2").exists()
    assert client.get("/guides/found/fix/", follow=True).redirect_chain[-1] == ("/guides/found-2/fix-3/", 301)


def test_rename_reserved_an_address_that_was_ended_and_taken_again_leads_to_the_page(client, found):
    guide = Guide.objects.get()
    ended = {"until": timezone.now(), "ended_at": timezone.now()}
    FormerAddress.objects.create(kind="guide", scope=0, slug="found", number=guide.number, **ended)
    with connection.cursor() as cursor:  # as SQLite runs migrations
        is_sqlite = connection.vendor == "sqlite"
        cursor.execute(
            "DROP TRIGGER links_guide_moved" if is_sqlite else "DROP TRIGGER links_keep_guide ON guides_guide"
        )
    rename()

    assert client.get("/guides/found/", follow=True).redirect_chain == [("/guides/found-2/", 301)]


def test_rename_reserved_a_second_time_changes_nothing(found):
    rename()
    before = list(FormerAddress.objects.order_by("pk").values())
    rename()

    assert list(FormerAddress.objects.order_by("pk").values()) == before


def test_rename_reserved_old_addresses_of_the_faq_lead_to_the_pages(client, found):
    entry = factories.make_faq_entry(slug="a", category=factories.make_faq_category(slug="b"))
    FaqCategory.objects.update(slug="found")
    FaqEntry.objects.update(slug="fix")
    rename("faq")

    assert client.get("/faq/fix/", follow=True).redirect_chain == [("/faq/fix-2/", 301)]
    assert client.get("/faq/topic/found/", follow=True).redirect_chain == [("/faq/topic/found-2/", 301)]
    assert FormerAddress.objects.filter(number=entry.number, slug="fix").count() == 1
