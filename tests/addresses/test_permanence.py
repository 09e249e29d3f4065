"""An address that was public once answers for good: 301 to where the page is now, or 410."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.addresses.triggers import TRIGGERS
from helpdesk.guides.models import Cause, Guide, Symptom
from tests import factories
from tests.accounts.staff_people import editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return factories.make_guide(slug="platform")


@pytest.fixture
def symptom(guide):
    causes = [factories.make_cause(slug=slug) for slug in ("cable", "router", "provider")]
    return factories.make_symptom(slug="offline", guide=guide, causes=causes)


def rename(record, slug):
    record.slug = slug
    record.save()


def answer(client, path):
    """The status of an address and where it leads, as one thing to compare."""
    response = client.get(path)
    return response.status_code, response.headers.get("Location")


# What hangs below a symptom's address, without the symptom.
BELOW = [
    "",
    "all/",
    "fixed/",
    "fixed/?by=router",
    "contact/",
    "contact/?no=cable&skip=router",
    "check/router/",
    "check/router/?no=cable&skip=provider",
]


@pytest.mark.parametrize("below", BELOW)
def test_symptom_renamed_every_address_below_leads_to_the_new_one(client, symptom, below):
    assert client.get(f"/guides/platform/offline/{below}").status_code == 200

    rename(symptom, "no-connection")

    assert answer(client, f"/guides/platform/offline/{below}") == (301, f"/guides/platform/no-connection/{below}")
    assert client.get(f"/guides/platform/no-connection/{below}").status_code == 200


@pytest.mark.parametrize("below", ["", "none/", *(f"offline/{below}" for below in BELOW)])
def test_guide_renamed_every_address_below_leads_to_the_new_one(client, guide, symptom, below):
    assert client.get(f"/guides/platform/{below}").status_code == 200

    rename(guide, "trading")

    assert answer(client, f"/guides/platform/{below}") == (301, f"/guides/trading/{below}")


@pytest.mark.parametrize("below", BELOW)
def test_symptom_moved_to_another_guide_leads_there(client, symptom, below):
    symptom.guide = factories.make_guide(slug="accounts")
    symptom.save()

    assert answer(client, f"/guides/platform/offline/{below}") == (301, f"/guides/accounts/offline/{below}")


@pytest.mark.parametrize(
    "below", ["check/{}/", "check/{}/fix/", "check/{}/?no=cable", "fixed/?by={}", "contact/?no={}"]
)
def test_symptom_and_cause_renamed_take_one_hop(client, symptom, below):
    cause = symptom.causes.get(slug="router")
    cause.question = "Is the router off?"
    cause.save()
    before = symptom.get_absolute_url() + below.format(cause.slug)
    rename(symptom, "no-connection")
    rename(symptom.guide, "trading")
    rename(cause, "modem")

    response = client.get(before)

    assert response.status_code == 301
    assert response.url == f"/guides/trading/no-connection/{below.format('modem')}"
    assert client.get(response.url).status_code == 200


BELOW_OF_CAUSE = ["check/{}/", "check/{}/fix/", "check/{}/?no={}", "fixed/?by={}", "contact/?no={}"]


@pytest.mark.parametrize("below", BELOW_OF_CAUSE)
def test_everything_renamed_twice_takes_one_hop(client, symptom, below):
    cause, other = symptom.causes.get(slug="router"), symptom.causes.get(slug="cable")
    cause.question = "Is the router off?"
    cause.save()
    entry = factories.make_faq_entry(slug="entry")
    old = [(symptom.guide.slug, symptom.slug, cause.slug, other.slug)]
    for turn in ("first", "second"):
        for record in (symptom.guide, symptom, cause, other, entry, entry.category):
            rename(record, f"{record.slug}-{turn}"[:80])
        old.append((symptom.guide.slug, symptom.slug, cause.slug, other.slug))
    *former, (guide_now, symptom_now, *causes_now) = old

    for guide_then, symptom_then, *causes_then in (*former, (guide_now, old[0][1], *old[1][2:])):
        response = client.get(f"/guides/{guide_then}/{symptom_then}/{below.format(*causes_then)}")
        assert (response.status_code, response.url) == (
            301,
            f"/guides/{guide_now}/{symptom_now}/{below.format(*causes_now)}",
        )
    assert client.get(response.url).status_code == 200
    assert answer(client, symptom.short_url) == (302, f"/guides/{guide_now}/{symptom_now}/")
    assert answer(client, "/faq/entry-first/") == (301, entry.get_absolute_url())
    assert answer(client, entry.short_url) == (302, entry.get_absolute_url())
    assert answer(client, entry.category.get_absolute_url().replace("-second", "")) == (
        301,
        entry.category.get_absolute_url(),
    )


@pytest.mark.parametrize("below", BELOW_OF_CAUSE)
def test_cause_in_capital_letters_leads_to_its_page(client, symptom, below):
    cause = symptom.causes.get(slug="router")
    cause.question = "Is the router off?"
    cause.save()
    path = symptom.get_absolute_url()
    for typed in (path, path.upper().replace("/GUIDES/", "/guides/")):
        response = client.get(typed + below.format("Router", "CABLE"))
        assert (response.status_code, response.url) == (301, path + below.format("router", "cable"))
    assert client.get(response.url).status_code == 200


def test_symptom_moved_and_everything_renamed_takes_one_hop(client, guide, symptom):
    rename(symptom, "first")
    symptom.guide = factories.make_guide(slug="accounts")
    symptom.save()
    rename(symptom, "second")
    rename(guide, "trading")
    rename(symptom.guide, "management")

    for old in ("platform/offline", "platform/first", "trading/first", "accounts/first", "accounts/second"):
        assert answer(client, f"/guides/{old}/") == (301, "/guides/management/second/")


def test_old_slug_taken_back_is_live_again(client, symptom):
    rename(symptom, "no-connection")
    rename(symptom, "offline")

    assert client.get("/guides/platform/offline/").status_code == 200
    assert answer(client, "/guides/platform/no-connection/") == (301, "/guides/platform/offline/")


def test_two_symptoms_swap_slugs(client, guide, symptom):
    other = factories.make_symptom(slug="slow", guide=guide, title="Everything is slow")
    rename(symptom, "aside")
    rename(other, "offline")
    rename(symptom, "slow")

    assert "Everything is slow" in client.get("/guides/platform/offline/").content.decode()
    assert symptom.title in client.get("/guides/platform/slow/").content.decode()
    assert answer(client, "/guides/platform/aside/") == (301, "/guides/platform/slow/")


def test_two_guides_swap_slugs_the_symptoms_are_still_found(client, guide, symptom):
    other = factories.make_guide(slug="accounts")
    factories.make_symptom(slug="locked", guide=other)
    rename(guide, "aside")
    rename(other, "platform")
    rename(guide, "accounts")

    assert answer(client, "/guides/platform/offline/") == (301, "/guides/accounts/offline/")
    assert answer(client, "/guides/accounts/locked/") == (301, "/guides/platform/locked/")


def test_slug_given_to_a_new_page_shows_the_new_page(client, guide, symptom):
    rename(symptom, "no-connection")
    factories.make_symptom(slug="offline", guide=guide, title="A new page")

    assert "A new page" in client.get("/guides/platform/offline/").content.decode()


def test_slug_left_by_two_pages_leads_to_the_later_one(client, guide, symptom):
    rename(symptom, "no-connection")
    later = factories.make_symptom(slug="offline", guide=guide)
    rename(later, "second-owner")

    assert answer(client, "/guides/platform/offline/") == (301, "/guides/platform/second-owner/")


def test_cause_renamed_step_addresses_lead_to_the_new_name(client, symptom):
    rename(Cause.objects.get(slug="router"), "modem")
    step = "/guides/platform/offline/"

    assert answer(client, f"{step}check/router/?no=cable") == (301, f"{step}check/modem/?no=cable")
    assert answer(client, f"{step}check/provider/?no=cable,router") == (301, f"{step}check/provider/?no=cable,modem")
    assert answer(client, f"{step}contact/?skip=router") == (301, f"{step}contact/?skip=modem")
    assert answer(client, f"{step}fixed/?by=router") == (301, f"{step}fixed/?by=modem")


def test_faq_entry_renamed_and_moved_leads_on(client):
    entry = factories.make_faq_entry(slug="java")
    entry.category = factories.make_faq_category(slug="software")
    entry.save()
    assert client.get("/faq/java/").status_code == 200

    rename(entry, "java-plugin")

    assert answer(client, "/faq/java/") == (301, "/faq/java-plugin/")


def test_faq_category_renamed_leads_on(client):
    category = factories.make_faq_category(slug="tws")
    factories.make_faq_entry(category=category)
    rename(category, "platform")

    assert answer(client, "/faq/topic/tws/") == (301, "/faq/topic/platform/")


def test_short_links_survive_every_change(client, guide, symptom):
    entry = factories.make_faq_entry(slug="java")
    rename(guide, "trading")
    rename(symptom, "no-connection")
    rename(entry, "java-plugin")

    assert answer(client, guide.short_url) == (302, "/guides/trading/")
    assert answer(client, symptom.short_url) == (302, "/guides/trading/no-connection/")
    assert answer(client, entry.short_url) == (302, "/faq/java-plugin/")


def test_capital_letters_in_an_address_lead_to_the_page(client, symptom):
    assert answer(client, "/guides/Platform/OFFLINE/") == (301, "/guides/platform/offline/")
    assert answer(client, "/guides/PLATFORM/") == (301, "/guides/platform/")


@pytest.mark.parametrize("below", BELOW)
def test_symptom_archived_is_gone_with_a_way_on(client, symptom, below):
    Symptom.objects.filter(pk=symptom.pk).update(archive_at=timezone.now())

    response = client.get(f"/guides/platform/offline/{below}")

    assert response.status_code == 410
    assert 'href="/guides/platform/"' in response.content.decode()


def test_symptom_archived_old_address_and_short_link_are_gone(client, symptom):
    rename(symptom, "no-connection")
    Symptom.objects.filter(pk=symptom.pk).update(archive_at=timezone.now())

    for path in ("/guides/platform/offline/", "/guides/platform/no-connection/", symptom.short_url):
        assert client.get(path).status_code == 410


def test_guide_archived_takes_its_symptoms_with_it(client, guide, symptom):
    Guide.objects.filter(pk=guide.pk).update(archive_at=timezone.now())

    for path in ("/guides/platform/", "/guides/platform/offline/", guide.short_url, symptom.short_url):
        assert client.get(path).status_code == 410


def test_deleted_pages_are_gone(client, guide, symptom):
    entry = factories.make_faq_entry(slug="java")
    paths = [symptom.short_url, guide.short_url, entry.short_url]
    rename(symptom, "no-connection")
    symptom.delete()
    guide.delete()
    entry.delete()

    paths += ["/guides/platform/", "/guides/platform/offline/", "/guides/platform/no-connection/all/", "/faq/java/"]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 410)


def test_symptom_that_moved_away_survives_the_deletion_of_its_old_guide(client, guide, symptom):
    symptom.guide = factories.make_guide(slug="accounts")
    symptom.save()
    guide.delete()

    assert answer(client, "/guides/platform/offline/") == (301, "/guides/accounts/offline/")
    assert client.get("/guides/platform/").status_code == 410


def test_draft_deleted_leaves_no_trace_but_its_number(client, guide):
    draft = factories.make_symptom(slug="secret", guide=guide, published=False)
    number = draft.number
    rename(draft, "top-secret")
    draft.delete()

    for path in ("/guides/platform/secret/", "/guides/platform/top-secret/", f"/s/{number}/"):
        assert client.get(path).status_code == 404
    assert HelpNumber.objects.filter(number=number).exists()


def test_page_taken_back_to_a_draft_is_hidden_and_gone_once_deleted(client, guide, symptom):
    rename(symptom, "no-connection")
    Symptom.objects.filter(pk=symptom.pk).update(publish_at=None)
    paths = ["/guides/platform/offline/", "/guides/platform/no-connection/", symptom.short_url]
    assert [client.get(path).status_code for path in paths] == [404] * 3

    rename(Symptom.objects.get(pk=symptom.pk), "never-seen")
    Symptom.objects.get(pk=symptom.pk).delete()

    assert [client.get(path).status_code for path in paths] == [410] * 3
    assert client.get("/guides/platform/never-seen/").status_code == 404


def test_draft_with_a_former_slug_of_a_public_page_stays_hidden(client, guide, symptom):
    rename(symptom, "no-connection")
    factories.make_symptom(slug="offline", guide=guide, published=False)

    assert answer(client, "/guides/platform/offline/") == (301, "/guides/platform/no-connection/")


def test_unknown_addresses_are_not_found(client, symptom):
    for path in ("/guides/nothing/", "/guides/platform/nothing/", "/guides/nothing/offline/", "/faq/nothing/"):
        assert client.get(path).status_code == 404
    for number in (1, 999_999, 10**12):
        assert client.get(f"/s/{number}/").status_code == 404
    assert client.get(f"/f/{symptom.number}/").status_code == 404


def test_changes_past_the_models_are_remembered_too(client, guide, symptom):
    Symptom.objects.filter(pk=symptom.pk).update(slug="by-update")
    symptom.refresh_from_db()
    symptom.slug = "by-bulk-update"
    Symptom.objects.bulk_update([symptom], ["slug"])
    Guide.objects.filter(pk=guide.pk).update(slug="trading")

    for slug in ("offline", "by-update"):
        assert answer(client, f"/guides/platform/{slug}/") == (301, "/guides/trading/by-bulk-update/")


def test_change_of_text_leaves_no_former_address(symptom):
    symptom.title = "Another title"
    symptom.save()

    assert not FormerAddress.objects.exists()


def test_numbers_rise_and_are_never_given_twice(guide):
    symptom = factories.make_symptom(guide=guide)
    highest = symptom.number
    symptom.delete()

    again = factories.make_symptom(guide=guide)

    assert again.number > highest
    assert HelpNumber.objects.get(number=highest).kind == "symptom"


def test_numbers_that_were_loaded_are_not_given_again(guide):
    loaded = Symptom(guide=guide, number=5000, slug="loaded", title="Loaded", updated_at=timezone.now())
    loaded.save_base(raw=True)

    assert factories.make_symptom(guide=guide).number > 5000


def test_numbers_in_bulk_are_given_and_registered(guide):
    made = Symptom.objects.bulk_create(Symptom(guide=guide, slug=f"bulk-{n}", title="Bulk") for n in range(3))

    assert len({symptom.number for symptom in made}) == 3
    assert HelpNumber.objects.filter(number__in=[s.number for s in made], kind="symptom").count() == 3


def test_number_of_another_kind_is_refused(guide):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_symptom(guide=guide, number=guide.number)

    assert not Symptom.objects.exists()


def test_number_cannot_change(guide):
    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.filter(pk=guide.pk).update(number=guide.number + 500)


def test_emptied_portal_remembers_nothing(client, guide, symptom):
    """`flush` deletes without order: a symptom may go after its guide, and both after the books of this app."""
    with connection.cursor() as cursor:
        for table in ("links_formeraddress", "links_helpnumber", "guides_check"):
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM guides_symptom")
        cursor.execute("DELETE FROM guides_guide")
    assert FormerAddress.objects.exists()

    TRIGGERS.install()

    assert not FormerAddress.objects.exists()


def test_triggers_installed_a_second_time_still_work(client, symptom):
    TRIGGERS.install()
    rename(symptom, "no-connection")

    assert answer(client, "/guides/platform/offline/") == (301, "/guides/platform/no-connection/")


@pytest.mark.parametrize("number", [2**31, 2**63, 10**20])
@pytest.mark.parametrize("path", ["/s/{}/", "/admin/tickets/{}/", "/admin/links/formeraddress/{}/end/"])
def test_number_that_no_column_holds_is_not_found(path, number):
    assert editor().get(path.format(number)).status_code == 404
