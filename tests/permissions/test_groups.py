"""Permissions of authors and editors in forms and lists; tests/accounts has the access to addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from helpdesk.faq.models import FaqEntry
from helpdesk.feedback.models import Outcome
from helpdesk.guides.models import Guide, Symptom
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import add_url, list_url, opened, read_form, save, url_of
from tests.contentadmin.records import DRAFTS, make_outcome
from tests.factories import (
    make_cause,
    make_contact_point,
    make_guide,
    make_resolution,
    make_symptom,
)

pytestmark = pytest.mark.django_db

PAGES = [Guide, Symptom, FaqEntry]


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
    assert author().post(url_of(cause), {"seen": "x"}).status_code == 403


def test_cause_of_an_archived_page_is_in_an_authors_reach() -> None:
    now = timezone.now()
    moments = {"publish_at": now - timedelta(days=2), "archive_at": now - timedelta(days=1)}
    cause = make_symptom(**moments).checks.get().cause
    assert author().post(url_of(cause), {"seen": "x"}).status_code == 200


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
