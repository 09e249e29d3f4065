"""Who deletes a page that visitors have seen says what becomes of its addresses; all of it happens, or nothing."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from helpdesk.addresses.models import FormerAddress, HelpNumber
from helpdesk.adminkit.coded_text import text_from_json
from helpdesk.faq.models import FaqEntry
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.redirects.lookup import address_of_number
from helpdesk.redirects.models import DeadAddress, Redirect
from helpdesk.redirects.page_deletion import LONGEST_NOTE, PAGE_DELETED, note_about
from tests import factories
from tests.accounts.staff_people import author, editor, make_user, signed_in
from tests.addresses.test_permanence import answer, rename
from tests.contentadmin.forms import list_url, messages_of, save, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide():
    return factories.make_guide(slug="platform", title="Platform")


@pytest.fixture
def causes():
    return [factories.make_cause(slug=slug) for slug in ("cable", "router", "provider")]


@pytest.fixture
def symptom(guide, causes):
    """Renamed once, with an address of an old site that leads to it."""
    found = factories.make_symptom(
        slug="first",
        guide=guide,
        causes=causes[:2],
        title="I am offline",
        message="Error 7, x",
        keywords="wifi, LAN",
    )
    rename(found, "offline")
    Redirect.objects.create(path="/help/old.html", target_id=found.number)
    return found


@pytest.fixture
def other(guide, causes):
    return factories.make_symptom(slug="slow", guide=guide, causes=causes[1:], title="All is slow", keywords="lan, lag")


def delete(client, record, **answers):
    return client.post(url_of(record, "delete"), {"post": "yes", **answers})


def faults(response):
    return response.context["page_deletion"].errors


OLD = ["/guides/platform/offline/", "/guides/platform/first/", "/guides/platform/first/all/", "/help/old.html"]
CHECK = "/guides/platform/offline/check/cable/?no=router&skip=provider"


def test_page_that_visitors_have_seen_is_not_deleted_before_the_question_is_answered(symptom, other):
    desk = editor()
    text = desk.get(url_of(symptom, "delete")).content.decode()
    for words in ("Redirect to another page", "Merge it into another page", "Gone (410)"):
        assert words in text

    for unanswered in ({}, {"way": ""}, {"way": "burn"}, {"page": str(other.number)}):
        response = delete(desk, symptom, **unanswered)
        assert (response.status_code, list(faults(response))) == (200, ["way"])
    assert Symptom.objects.filter(pk=symptom.pk).exists()


@pytest.mark.parametrize("way", ["redirect", "merge"])
def test_every_address_of_a_deleted_page_leads_to_the_other(client, symptom, other, way):
    short = symptom.short_url
    DeadAddress.objects.create(path=OLD[0], status=410, first_at=timezone.now(), last_at=timezone.now())
    response = delete(editor("Ed"), symptom, way=way, page=str(other.number))

    assert (response.status_code, response.headers["Location"]) == (302, list_url(Symptom))
    assert [answer(client, path) for path in [*OLD, CHECK, short]] == [(301, other.get_absolute_url())] * 6
    assert address_of_number(symptom.number) == other.get_absolute_url()
    assert not Symptom.objects.filter(number=symptom.number).exists()
    made = Redirect.objects.get(path=short)
    assert text_from_json(made.note) == f"“I am offline” was {'merged' if way == 'merge' else 'deleted'}"
    assert made.history.get().history_user.last_name == "Ed"
    assert set(Redirect.objects.values_list("target_id", flat=True)) == {other.number}
    assert not DeadAddress.objects.exists()


def test_deleted_pages_follow_one_another_in_a_single_hop(client, symptom, other, guide):
    desk, last = editor(), factories.make_symptom(guide=guide, slug="last")
    short = symptom.short_url
    delete(desk, symptom, way="redirect", page=str(other.number))
    delete(desk, other, way="merge", page=last.short_url)

    assert [answer(client, path) for path in [*OLD, short, other.short_url]] == [(301, "/guides/platform/last/")] * 6

    delete(desk, last, way="gone")

    assert [client.get(path).status_code for path in [*OLD, short, "/guides/platform/last/"]] == [410] * 6


def test_deleted_page_is_gone_when_that_is_the_answer(client, symptom):
    response = delete(editor(), symptom, way="gone", page="nonsense that does not matter")

    assert response.status_code == 302
    assert [client.get(path).status_code for path in [*OLD, CHECK, f"/s/{symptom.number}/"]] == [410] * 6
    assert address_of_number(symptom.number) == f"/s/{symptom.number}/"


@pytest.mark.parametrize("make", [factories.make_guide, factories.make_faq_entry])
@pytest.mark.parametrize("onto", [factories.make_guide, factories.make_faq_entry, factories.make_symptom])
def test_pages_of_every_kind_lead_to_pages_of_every_kind(client, make, onto):
    page, other = make(slug="old"), onto(slug="other")
    address, short = page.get_absolute_url(), page.short_url

    assert delete(editor(), page, way="redirect", page=other.get_absolute_url()).status_code == 302

    assert [answer(client, path) for path in (address, short)] == [(301, other.get_absolute_url())] * 2


def test_page_that_nobody_has_seen_is_deleted_as_before(guide):
    draft = factories.make_symptom(guide=guide, published=False)
    coming = factories.make_symptom(guide=guide, publish_at=timezone.now() + timedelta(days=1))
    for page in (draft, coming):
        assert "page_deletion" not in editor().get(url_of(page, "delete")).context
        assert delete(editor(), page).status_code == 302
    assert not Redirect.objects.exists()


def test_draft_that_was_public_once_is_asked_about(client, symptom, other):
    Symptom.objects.filter(pk=symptom.pk).update(publish_at=None)
    assert faults(delete(editor(), symptom)) != {}

    delete(editor(), symptom, way="redirect", page=str(other.number))

    assert answer(client, OLD[0]) == (301, other.get_absolute_url())


# What is refused


def test_other_page_that_cannot_be_is_refused_and_nothing_is_deleted(symptom, other, guide):
    desk = editor()
    draft = factories.make_symptom(guide=guide, published=False)
    entry = factories.make_faq_entry()
    wrong = {
        ("redirect", ""): "Enter the page's help number",
        ("merge", " "): "Enter the page's help number",
        ("redirect", str(symptom.number)): "the page you're deleting",
        ("redirect", str(draft.number)): "Visitors can't see that page",
        ("merge", str(entry.number)): "Only pages of the same kind",
        ("redirect", "9" * 400): "No page has the help number",
        ("redirect", "/nothing/"): "No page has this address",
        ("redirect", "<script>alert(1)</script>"): "No matches",
        ("redirect", "slow\0"): "Choose a page from the list",
    }
    for (way, page), sentence in wrong.items():
        response = delete(desk, symptom, way=way, page=page)
        assert (response.status_code, page, list(faults(response))) == (200, page, ["page"])
        assert sentence in faults(response)["page"][0]
        assert "<script>alert" not in response.content.decode()
    assert Symptom.objects.filter(pk=symptom.pk).exists()
    assert set(Redirect.objects.values_list("path", flat=True)) == {"/help/old.html"}


def test_page_is_chosen_among_those_with_some_words(client, symptom, other):
    desk = editor()
    asked = delete(desk, symptom, way="redirect", page="slow")
    assert f'name="page-chosen" value="{other.number}"' in asked.content.decode()
    assert "checked" in str(asked.context["page_deletion"]["way"])

    chosen = {"page": "slow", "page-for": "slow", "page-chosen": other.number}
    assert delete(desk, symptom, way="redirect", **chosen).status_code == 302
    assert answer(client, OLD[0]) == (301, other.get_absolute_url())


def test_author_deletes_what_was_public_only_by_leaving_it_gone(client, symptom, other):
    assert delete(author(), symptom, way="gone").status_code == 403
    Symptom.objects.filter(pk=symptom.pk).update(publish_at=None)
    writer = author()
    assert "Redirect to another page" not in writer.get(url_of(symptom, "delete")).content.decode()

    assert list(faults(delete(writer, symptom, way="redirect", page=str(other.number)))) == ["way"]
    assert delete(writer, symptom, way="gone").status_code == 302
    assert client.get(OLD[0]).status_code == 410


def test_merging_needs_the_right_to_change_the_other_page(symptom, other):
    user = make_user()
    rights = ["view_symptom", "delete_symptom", "publish_symptom", "delete_check", "add_redirect"]
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    response = delete(signed_in(user), symptom, way="merge", page=str(other.number))

    assert "permission to change that page" in faults(response)["page"][0]
    assert Symptom.objects.count() == 2


def test_page_that_is_no_more_and_ids_that_are_none_are_no_error_of_ours(symptom):
    desk = editor()
    for pk in ("0", "x", "9" * 400, "1%00"):
        url = f"/admin/guides/symptom/{pk}/delete/"
        assert [desk.get(url).status_code, desk.post(url, {"way": "gone", "post": "yes"}).status_code] == [302, 302]


# Merging


def say(symptom, cause, visitor, **values):
    now = timezone.now()
    values = {"answer": "fixed", "checks_before": 0, "day": now.date(), "recorded_at": now, **values}
    return Outcome.objects.create(symptom=symptom, cause=cause, visitor=visitor, **values)


def test_merged_symptom_brings_its_words_entries_reference_numbers_and_what_is_true_of_both(
    client, symptom, other, causes
):
    entry = factories.make_faq_entry(related_symptoms=[symptom])
    kept = say(symptom, causes[1], "a")
    say(symptom, causes[0], "b")  # of a check that the other one does not have
    say(symptom, causes[1], "c")
    before = say(other, causes[1], "c", answer="not-fixed")  # the same visitor on the same day
    handoff = HandOff.objects.create(
        reference="ABCD-2345", symptom=symptom, summary="Tried", visitor="v", created_at=timezone.now()
    )

    assert delete(editor("Ed"), symptom, way="merge", page=str(other.number)).status_code == 302

    other.refresh_from_db()
    assert other.keywords == "lan, lag, wifi, Error 7 x"
    assert list(entry.related_symptoms.all()) == [other]
    assert set(Outcome.objects.values_list("pk", "symptom")) == {(kept.pk, other.pk), (before.pk, other.pk)}
    handoff.refresh_from_db()
    assert handoff.symptom == other
    assert client.get("/handoff/abcd-2345/").status_code == 200
    assert [check.cause for check in other.checks.order_by("position")] == causes[1:]
    version = other.history.first()
    assert (version.history_change_reason, version.history_user.last_name) == (
        Reason.MERGED.of("I am offline"),
        "Ed",
    )


def test_redirected_symptom_leaves_the_other_one_as_it_was(symptom, other):
    before = Symptom.objects.filter(pk=other.pk).values().get()
    delete(editor(), symptom, way="redirect", page=str(other.number))

    assert Symptom.objects.filter(pk=other.pk).values().get() == before


def test_merged_entry_brings_its_words_and_related_situations(symptom, other):
    entry = factories.make_faq_entry(keywords="java, plugin", related_symptoms=[symptom, other])
    into = factories.make_faq_entry(keywords="Java", related_symptoms=[other])

    delete(editor(), entry, way="merge", page=str(into.number))

    into.refresh_from_db()
    assert (into.keywords, set(into.related_symptoms.all())) == ("Java, plugin", {symptom, other})
    assert list(FaqEntry.objects.all()) == [into]


@pytest.fixture
def accounts():
    found = factories.make_guide(slug="accounts", title="Accounts")
    factories.make_symptom(guide=found, slug="locked", title="Locked", position=4)
    return found


def test_guide_in_use_can_only_be_merged_and_takes_its_situations_along(client, guide, symptom, other, accounts):
    onward = factories.make_symptom(guide=factories.make_guide(), leads_to=guide)
    Symptom.objects.filter(pk=other.pk).update(position=1)
    Symptom.objects.filter(pk=symptom.pk).update(position=2)
    now = timezone.now()
    words = UnmatchedWords.objects.create(guide=guide, words="w", visitor="v", day=now.date(), recorded_at=now)
    desk = editor()
    text = desk.get(url_of(guide, "delete")).content.decode()
    assert "is still in use, so it can't be deleted" in text
    assert "Merge it into another page" in text
    assert "Redirect to another page" not in text
    for way in ("redirect", "gone"):
        assert delete(desk, guide, way=way, page=str(accounts.number)).status_code == 200
    assert (Guide.objects.filter(pk=guide.pk).count(), Redirect.objects.count()) == (1, 1)

    assert delete(desk, guide, way="merge", page=str(accounts.number)).status_code == 302

    order = list(accounts.symptoms.order_by("position").values_list("slug", "position"))
    assert order == [("locked", 4), ("slow", 5), ("offline", 6)]
    for old in ("/guides/platform/offline/", "/guides/platform/first/", "/help/old.html", symptom.short_url):
        assert answer(client, old)[1] == "/guides/accounts/offline/"
    for old in ("/guides/platform/", "/guides/platform/none/", "/guides/platform/unknown/", guide.short_url):
        assert answer(client, old) == (301, "/guides/accounts/")
    onward.refresh_from_db()
    words.refresh_from_db()
    assert (onward.leads_to, words.guide) == (accounts, accounts)
    assert symptom.history.first().history_change_reason == Reason.MERGED.of("Platform")


def test_guides_with_situations_at_the_same_address_are_not_merged(guide, symptom, other, accounts):
    rename(accounts.symptoms.get(), "offline")
    response = delete(editor(), guide, way="merge", page=str(accounts.number))

    assert faults(response)["page"] == [
        "Both guides have a situation with the slug “offline”. Change one of them first."
    ]
    assert guide.symptoms.count() == 2
    assert not Redirect.objects.filter(target=accounts.number).exists()


@pytest.mark.parametrize("way_round", ["from", "to"])
def test_guides_of_which_one_leads_to_the_other_are_not_merged(guide, symptom, accounts, way_round):
    start, end = (guide, accounts) if way_round == "from" else (accounts, guide)
    factories.make_symptom(guide=start, leads_to=end, title="Onward")
    response = delete(editor(), guide, way="merge", page=str(accounts.number))

    assert "“Onward” continues from one of the two guides in the other" in faults(response)["page"][0]
    assert guide.symptoms.filter(pk=symptom.pk).exists()


def test_guides_whose_merging_would_go_in_a_circle_are_not_merged(guide, symptom, accounts):
    between = factories.make_guide(title="Between")
    factories.make_symptom(guide=accounts, leads_to=between, title="On")
    factories.make_symptom(guide=between, leads_to=guide, title="Back")
    response = delete(editor(), guide, way="merge", page=str(accounts.number))

    assert "This would be a loop" in faults(response)["page"][0]
    assert guide.led_to_by.count() == 1


def test_situations_of_an_archived_guide_stay_hidden_when_it_is_merged(client, guide, symptom, accounts):
    coming = factories.make_symptom(guide=guide, slug="coming", publish_at=timezone.now() + timedelta(days=1))
    Guide.objects.filter(pk=guide.pk).update(archive_at=timezone.now())
    delete(editor(), guide, way="merge", page=str(accounts.number))

    coming.refresh_from_db()
    assert (coming.guide, coming.publish_at) == (accounts, None)
    assert client.get("/guides/accounts/offline/").status_code == 410


# Several at once


def delete_selected(client, model, pages, **answers):
    chosen = {"action": "delete_selected", "_selected_action": [page.pk for page in pages], **answers}
    return client.post(list_url(model), chosen)


def test_several_pages_are_asked_about_together_and_led_to_one(client, symptom, other, guide):
    draft, desk = factories.make_symptom(guide=guide, published=False), editor()
    last = factories.make_symptom(guide=guide, slug="last")
    pages = [symptom, other, draft]
    assert "Redirect to another page" in delete_selected(desk, Symptom, pages).content.decode()
    assert list(faults(delete_selected(desk, Symptom, pages, post="yes"))) == ["way"]
    taken = delete_selected(desk, Symptom, pages, post="yes", way="redirect", page=str(other.number))
    assert "the page you're deleting" in faults(taken)["page"][0]
    assert Symptom.objects.count() == 4

    done = delete_selected(desk, Symptom, pages, post="yes", way="redirect", page=str(last.number))

    assert (done.status_code, list(Symptom.objects.all())) == (302, [last])
    assert [answer(client, path) for path in ("/guides/platform/slow/", *OLD)] == [(301, last.get_absolute_url())] * 5
    assert client.get(f"/s/{draft.number}/").status_code == 404
    assert "The old addresses now redirect to “Nothing happens”." in messages_of(desk.get(list_url(Symptom)))


def test_several_guides_in_use_are_merged_into_one(client, guide, symptom, accounts):
    into, desk = factories.make_guide(slug="all-of-it"), editor()
    refused = delete_selected(desk, Guide, [guide, accounts], post="yes", way="gone")
    assert (refused.status_code, Guide.objects.count()) == (200, 3)

    delete_selected(desk, Guide, [guide, accounts], post="yes", way="merge", page=str(into.number))

    assert list(Guide.objects.all()) == [into]
    assert set(into.symptoms.values_list("slug", flat=True)) == {"offline", "locked"}
    assert answer(client, "/guides/accounts/locked/") == (301, "/guides/all-of-it/locked/")


def test_drafts_are_deleted_together_as_before(guide):
    drafts = [factories.make_symptom(guide=guide, published=False) for _ in range(2)]
    assert delete_selected(author(), Symptom, drafts, post="yes").status_code == 302
    assert (Symptom.objects.count(), FormerAddress.objects.count(), HelpNumber.objects.count() > 2) == (0, 0, True)


@pytest.mark.parametrize("name", ["Short", "x" * 300, '"\\' * 150, "\0" * 300, "ü" * 300])
def test_note_about_a_page_fits_its_column_whatever_the_page_is_called(name):
    note = note_about(PAGE_DELETED, name)

    assert len(note) <= LONGEST_NOTE
    assert text_from_json(note).startswith(f"“{name[:5]}")


def test_note_is_shown_in_words_and_stays_coded_until_somebody_changes_it(symptom, other):
    desk = editor()
    delete(desk, symptom, way="merge", page=str(other.number))
    redirect = Redirect.objects.get(path=symptom.short_url)
    coded = redirect.note
    history = url_of(redirect, "history")
    version = f"{history}{redirect.history.last().pk}/"
    for address in (list_url(Redirect), url_of(redirect), url_of(other), version):
        text = desk.get(address).content.decode()
        assert ("“I am offline” was merged" in text, "page-merged" in text) == (True, False)
    for words, is_found in (("Was merged", True), ("was deleted", False)):
        assert (symptom.short_url in desk.get(list_url(Redirect), {"q": words}).content.decode()) == is_found
    assert save(desk, redirect).status_code == 302
    assert Redirect.objects.get(pk=redirect.pk).note == coded
    assert save(desk, redirect, note="My own").status_code == 302
    assert Redirect.objects.get(pk=redirect.pk).note == "My own"
    text = desk.get(history).content.decode()
    assert ("I am offline" in text, "My own" in text, "page-merged" in text) == (True, True, False)
