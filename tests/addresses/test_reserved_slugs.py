"""Rows whose slug becomes a word of the address scheme, as an update finds them."""

import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress
from helpdesk.addresses.reserved_slugs import rename_reserved
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
        for name in ("guide", "symptom", "cause") if connection.vendor == "postgresql" else ():
            cursor.execute(f"ALTER TABLE guides_{name} DROP CONSTRAINT guides_{name}_slug_allowed")


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


def rename():
    for kind, model, scope in (("guide", Guide, ""), ("symptom", Symptom, "guide"), ("cause", Cause, "")):
        rename_reserved(FormerAddress.objects, kind, model._default_manager, ("fix", "found"), scope=scope)


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
