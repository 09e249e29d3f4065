"""Who may do what in the admin: every kind of record, every view, every action."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.feedback.models import HandOff, Outcome, UnmatchedWords
from helpdesk.guides.models import Cause, ContactPoint, Guide, Resolution, Symptom
from helpdesk.links.models import DeadAddress, FormerAddress, HelpNumber, Redirect
from helpdesk.search.models import Search, Synonym
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)
from tests.staff.forms import add_url, list_url, opened, read_form, save, url_of
from tests.staff.people import administrator, author, editor, make_user, signed_in, without_rights

pytestmark = pytest.mark.django_db

CONTENT = [Guide, Symptom, Cause, Resolution, ContactPoint, FaqCategory, FaqEntry, Synonym]
LOOKING = [Outcome, HandOff, UnmatchedWords, Search]
ADDRESSES = [HelpNumber, FormerAddress, DeadAddress]
USERS = [User, Group]
PAGES = [Guide, Symptom, FaqEntry]
ACTIONS = ["publish_now", "back_to_draft", "archive_now", "delete_selected"]


def make_outcome() -> Outcome:
    symptom = make_symptom()
    cause = symptom.checks.get().cause
    now = timezone.now()
    return Outcome.objects.create(
        symptom=symptom, cause=cause, answer="fixed", checks_before=0, day=now.date(), visitor="v", recorded_at=now
    )


def make_handoff() -> HandOff:
    return HandOff.objects.create(
        reference="ABCD-2345", symptom=make_symptom(), summary="<b>Tried</b>", visitor="v", created_at=timezone.now()
    )


def make_words() -> UnmatchedWords:
    now = timezone.now()
    return UnmatchedWords.objects.create(guide=make_guide(), words="<b>", visitor="v", day=now.date(), recorded_at=now)


def make_synonym() -> Synonym:
    return Synonym.objects.create(words="dongle", means="security device")


def make_search() -> Search:
    now = timezone.now()
    return Search.objects.create(words="<b>", hits=0, visitor="v", day=now.date(), recorded_at=now)


def make_former_address() -> FormerAddress:
    return FormerAddress.objects.create(kind="guide", scope=0, slug="old", number=1001, until=timezone.now())


def make_dead_address() -> DeadAddress:
    now = timezone.now()
    return DeadAddress.objects.create(path="/help/", status=404, first_at=now, last_at=now)


# What each kind of record looks like that is public, or used by something public.
PUBLIC: dict[type[Model], Any] = {
    Guide: make_guide,
    Symptom: make_symptom,
    Cause: lambda: make_symptom().checks.get().cause,
    Resolution: lambda: make_symptom().checks.get().cause.resolution,
    ContactPoint: make_contact_point,
    FaqCategory: make_faq_category,
    FaqEntry: make_faq_entry,
    Synonym: make_synonym,
    Outcome: make_outcome,
    HandOff: make_handoff,
    UnmatchedWords: make_words,
    Search: make_search,
    HelpNumber: lambda: HelpNumber.objects.create(number=5000, kind="guide"),
    FormerAddress: make_former_address,
    DeadAddress: make_dead_address,
    Redirect: lambda: Redirect.objects.create(path="/help/old.html", target_id=make_guide().number),
    User: make_user,
    Group: lambda: Group.objects.get(name="Author"),
}
DRAFTS: dict[type[Model], Any] = {
    Guide: lambda: make_guide(published=False),
    Symptom: lambda: make_symptom(published=False),
    Cause: lambda: make_symptom(published=False).checks.get().cause,
    Resolution: lambda: make_symptom(published=False).checks.get().cause.resolution,
    FaqEntry: lambda: make_faq_entry(published=False),
}


def answers(client: Client, record: Model) -> tuple[int, ...]:
    """What the list, the form for a new one, the record's page, its saving and its deletion answer."""
    model = type(record)
    return (
        client.get(list_url(model)).status_code,
        client.get(add_url(model)).status_code,
        client.get(url_of(record)).status_code,
        client.post(url_of(record), {"seen": "x"}).status_code,
        client.get(url_of(record, "delete")).status_code,
    )


# Saving an empty form is answered 200, with its errors, to who may save at all.
EVERYTHING = (200, 200, 200, 200, 200)
LOOK = (200, 403, 200, 403, 403)
NOTHING = (403, 403, 403, 403, 403)


@pytest.mark.parametrize("model", PUBLIC)
def test_editor_has_all_content_and_no_users(model: type[Model]) -> None:
    expected = NOTHING if model in USERS else EVERYTHING if model in [*CONTENT, Redirect] else LOOK
    assert answers(editor(), PUBLIC[model]()) == expected


@pytest.mark.parametrize("model", PUBLIC)
def test_author_looks_at_what_is_public(model: type[Model]) -> None:
    adds = model in (Guide, Symptom, Cause, Resolution, FaqEntry)
    expected = NOTHING if model in USERS else (200, 200, 200, 403, 403) if adds else LOOK
    if model is Synonym:  # a word for the search is no page: nothing to publish
        expected = (200, 200, 200, 200, 403)
    assert answers(author(), PUBLIC[model]()) == expected


@pytest.mark.parametrize("model", DRAFTS)
def test_author_changes_drafts_and_deletes_only_pages(model: type[Model]) -> None:
    expected = EVERYTHING if model in PAGES else (200, 200, 200, 200, 403)
    assert answers(author(), DRAFTS[model]()) == expected


@pytest.mark.parametrize("model", PUBLIC)
def test_staff_without_rights_see_nothing(model: type[Model]) -> None:
    assert answers(without_rights(), PUBLIC[model]()) == NOTHING


@pytest.mark.parametrize("model", PUBLIC)
def test_visitor_is_sent_to_sign_in(model: type[Model]) -> None:
    assert answers(Client(), PUBLIC[model]()) == (302, 302, 302, 302, 302)


@pytest.mark.parametrize("model", LOOKING + ADDRESSES)
def test_what_visitors_said_and_addresses_are_changed_by_nobody(model: type[Model]) -> None:
    assert answers(administrator(), PUBLIC[model]()) == LOOK


# A list that has no such action shows itself again, or says that none was chosen.
@pytest.mark.parametrize(("who", "answers"), [(author, {200, 302, 403}), (without_rights, {403}), (Client, {302})])
@pytest.mark.parametrize("model", PUBLIC)
def test_action_without_the_right_changes_nothing(who: Any, answers: set[int], model: type[Model]) -> None:
    record = PUBLIC[model]()
    before = type(record).objects.filter(pk=record.pk).values().get()
    client = who()
    for action in ACTIONS:
        response = client.post(list_url(model), {"action": action, "_selected_action": [record.pk], "post": "yes"})
        assert (action, response.status_code in answers) == (action, True)
        assert type(record).objects.filter(pk=record.pk).values().get() == before


def test_author_deletes_drafts_together_but_nothing_public_among_them() -> None:
    draft, public = make_guide(published=False), make_guide()
    client = author()

    def delete(*guides: Guide) -> int:
        chosen = {"action": "delete_selected", "_selected_action": [guide.pk for guide in guides], "post": "yes"}
        return client.post(list_url(Guide), chosen).status_code

    assert (delete(draft, public), Guide.objects.count()) == (403, 2)
    assert (delete(draft), list(Guide.objects.all())) == (302, [public])


@pytest.mark.parametrize("model", PAGES)
def test_moments_an_author_sends_are_ignored(model: type[Model]) -> None:
    page: Any = DRAFTS[model]()
    moments = {"publish_at_0": "2026-01-01", "publish_at_1": "09:00", "archive_at_0": "2027-01-01"}
    assert save(author(), page, **moments, publish_at="2026-01-01 09:00", review_by="2026-03-01").status_code == 302
    page.refresh_from_db()
    assert (page.publish_at, page.archive_at, str(page.review_by)) == (None, None, "2026-03-01")


def test_new_page_of_an_author_is_a_draft() -> None:
    client = author()
    form = opened(client, add_url(Guide))
    form |= {"title": "T", "short_title": "T", "slug": "t", "publish_at_0": "2026-01-01", "publish_at_1": "09:00"}
    assert client.post(add_url(Guide), form).status_code == 302
    assert Guide.objects.get().publish_at is None


def test_cause_of_a_scheduled_page_is_out_of_an_authors_reach() -> None:
    cause = make_symptom(publish_at=timezone.now() + timedelta(days=1)).checks.get().cause
    assert answers(author(), cause)[3] == 403


def test_cause_of_an_archived_page_is_in_an_authors_reach() -> None:
    now = timezone.now()
    moments = {"publish_at": now - timedelta(days=2), "archive_at": now - timedelta(days=1)}
    cause = make_symptom(**moments).checks.get().cause
    assert answers(author(), cause)[3] == 200


def test_author_does_not_put_public_guides_in_order() -> None:
    one, two = make_guide(position=1), make_guide(position=2)
    sent = read_form(editor().get(list_url(Guide))) | {"form-0-position": "9", "_save": "Save"}
    author().post(list_url(Guide), sent)
    assert list(Guide.objects.values_list("pk", "position")) == [(one.pk, 1), (two.pk, 2)]


def test_author_does_not_put_public_situations_in_order_through_a_draft_guide() -> None:
    guide = make_guide(published=False)
    make_symptom(guide=guide, position=0)
    make_symptom(guide=guide, position=5)
    sent = opened(editor(), url_of(guide)) | {"symptoms-0-position": "9", "title": "New title"}
    assert save(author(), guide, sent).status_code == 302
    guide.refresh_from_db()
    assert guide.title == "New title"
    assert list(guide.symptoms.values_list("position", flat=True)) == [0, 5]


def test_checks_are_left_alone_by_who_may_change_only_the_symptom() -> None:
    symptom = make_symptom(causes=[make_cause(title="A"), make_cause(title="B")])
    user = make_user()
    user.user_permissions.set(_permissions("change_symptom", "publish_symptom", "view_check"))
    sent = opened(editor(), url_of(symptom)) | {"checks-0-position": "9", "title": "New title"}
    assert save(signed_in(user), symptom, sent).status_code == 302
    symptom.refresh_from_db()
    assert symptom.title == "New title"
    assert list(symptom.checks.order_by("position").values_list("cause__title", flat=True)) == ["A", "B"]


def _permissions(*codenames: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=codenames, content_type__app_label="guides")


def test_groups_are_set_to_what_is_declared_by_migrate() -> None:
    group = Group.objects.get(name="Author")
    declared = set(group.permissions.values_list("codename", flat=True))
    group.permissions.add(*_permissions("publish_guide"))
    group.permissions.remove(*_permissions("add_guide"))
    call_command("migrate", verbosity=0)
    assert set(group.permissions.values_list("codename", flat=True)) == declared


def test_suggestions_are_for_those_who_may_look_and_name_the_guide() -> None:
    make_symptom(guide=make_guide(title="Guide"), title="Symptom")
    asked = {"app_label": "faq", "model_name": "faqentry", "field_name": "related_symptoms", "term": "symp"}
    url = reverse("admin:autocomplete")
    assert without_rights().get(url, asked).status_code == 403
    results = author().get(url, asked).json()["results"]
    assert [row["text"] for row in results] == ["Guide › Symptom"]


@pytest.mark.parametrize(
    ("model", "field", "make"),
    [
        ("check", "cause", make_cause),
        ("symptom", "guide", make_guide),
        ("cause", "resolution", make_resolution),
        ("resolution", "contact_point", make_contact_point),
    ],
)
def test_suggestions_for_every_field_come_in_order(model: str, field: str, make: Any) -> None:
    names = [str(make()) for _ in range(3)]
    asked = {"app_label": "guides", "model_name": model, "field_name": field, "term": names[0][:4]}
    results = author().get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [row["text"] for row in results] == names


def test_deleting_a_symptom_takes_along_what_visitors_said_of_it() -> None:
    outcome = make_outcome()
    assert editor().post(url_of(outcome.symptom, "delete"), {"post": "yes", "way": "gone"}).status_code == 302
    assert (Symptom.objects.count(), Outcome.objects.count()) == (0, 0)
