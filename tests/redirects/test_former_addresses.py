"""Former addresses that staff have ended: no reader takes them for living ones."""

import pytest

from helpdesk.addresses.models import FormerAddress
from helpdesk.addresses.publish_rules import link_problems, slug_problems
from helpdesk.publishcheck.context import CheckContext
from helpdesk.redirects.page_addresses import addresses_of
from helpdesk.redirects.suggestions import suggest_pages
from tests import factories
from tests.accounts.staff_people import editor
from tests.addresses.test_permanence import rename
from tests.contentadmin.forms import opened, save, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return factories.make_guide(slug="platform", title="Platform")


def end(record):
    """Ends the one former address of a record as its page in the admin does."""
    former = FormerAddress.objects.get(number=record.number)
    assert editor().post(f"/admin/links/formeraddress/{former.pk}/end/").status_code == 302


def faults(href):
    guide = factories.make_guide(introduction=f"[words]({href})")
    return [(one.rule, one.severity.value) for one in link_problems(guide, "introduction", CheckContext())]


def test_slug_of_an_ended_address_is_free_for_another_page(client, guide):
    renamed = factories.make_symptom(slug="old", guide=guide)
    rename(renamed, "new")
    second = factories.make_symptom(slug="second", guide=guide, title="Second", published=False)
    second.slug = "old"
    assert [one.rule for one in slug_problems(second, CheckContext())] == ["promised-slug"]

    end(renamed)

    assert client.get("/guides/platform/old/").status_code == 410
    assert list(slug_problems(second, CheckContext())) == []
    factories.make_symptom(slug="old", guide=guide, title="Third")
    assert client.get("/guides/platform/old/").status_code == 200


@pytest.mark.parametrize(
    ("make", "path"),
    [
        (factories.make_guide, "/guides/old/"),
        (factories.make_faq_entry, "/faq/old/"),
        (factories.make_faq_category, "/faq/topic/old/"),
    ],
)
def test_slug_of_every_kind_is_free_once_its_address_is_ended(make, path):
    record = make(slug="old")
    rename(record, "new")
    other = make(slug="other")
    other.slug = "old"
    assert [one.rule for one in slug_problems(other, CheckContext())] == ["promised-slug"]

    end(record)

    assert list(slug_problems(other, CheckContext())) == []
    assert faults(path) == [("dead-link", "error")]


def test_link_to_an_ended_address_or_below_it_is_an_error(guide):
    symptom = factories.make_symptom(slug="old", guide=guide)
    rename(symptom, "new")
    assert faults("/guides/platform/old/all/") == [("former-address", "warning")]

    end(symptom)

    assert faults("/guides/platform/old/") == faults("/guides/platform/old/all/") == [("dead-link", "error")]
    rename(guide, "trading")
    assert faults("/guides/platform/new/") == [("former-address", "warning")]
    end(guide)
    assert faults("/guides/platform/new/") == [("dead-link", "error")]


def test_ended_address_is_neither_suggested_nor_named_as_an_address_of_its_page(guide):
    symptom = factories.make_symptom(slug="no-connection", guide=guide)
    rename(symptom, "blank")
    path = "/help/no-connection/"
    assert [page.number for page in suggest_pages([path]).values()] == [symptom.number]
    assert len(addresses_of(symptom).former) == 1

    end(symptom)

    assert suggest_pages([path]) == {}
    assert addresses_of(symptom).former == []


def test_former_address_below_a_deleted_guide_is_not_named_once_the_address_of_the_guide_is_ended(client, guide):
    symptom = factories.make_symptom(slug="offline", guide=guide)
    symptom.guide = factories.make_guide(slug="accounts")
    symptom.save()
    guide.delete()
    assert [former.path for former in addresses_of(symptom).former] == ["/guides/platform/offline/"]
    assert client.get("/guides/platform/offline/").status_code == 301

    end(guide)

    assert client.get("/guides/platform/offline/").status_code == 410
    assert addresses_of(symptom).former == []


def test_publish_check_of_the_form_takes_the_slug_of_an_ended_address(guide):
    renamed = factories.make_symptom(slug="old", guide=guide)
    rename(renamed, "new")
    second = factories.make_symptom(slug="second", guide=guide, title="Second")
    desk = editor()
    refused = save(desk, second, opened(desk, url_of(second)), slug="old")
    assert (refused.status_code, "old links still use it" in refused.content.decode()) == (200, True)

    end(renamed)

    assert save(desk, second, opened(desk, url_of(second)), slug="old").status_code == 302
