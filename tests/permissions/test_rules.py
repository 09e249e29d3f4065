"""Rules and their enforcement: a write beyond the permissions of the acting staff is refused, whatever way it goes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.http import StreamingHttpResponse
from django.utils import timezone

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.permissions.actor import ActorMiddleware, acting_as, current_actor
from helpdesk.permissions.enforcement import PermissionCheckedQuerySet, register_rule
from helpdesk.permissions.rules import allowed, rule_for
from helpdesk.search.models import Synonym
from tests.accounts.staff_people import make_user
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_symptom,
)

pytestmark = pytest.mark.django_db

ROLES = ("Agent", "Author", "Editor", "Administrator")


def attempt(user: Any, write: Any) -> bool:
    """Return whether this user may write it; roll back either way."""
    with transaction.atomic():
        try:
            with acting_as(user):
                write()
            return True
        except PermissionDenied:
            return False
        finally:
            transaction.set_rollback(True)


def who_may(write: Any) -> list[str]:
    """The roles that may write it, in order."""
    return [role for role in ROLES if attempt(make_user(role), write)]


EVERYBODY = ["Author", "Editor", "Administrator"]
PUBLISHERS = ["Editor", "Administrator"]


@pytest.mark.parametrize("make", [make_guide, make_symptom, make_faq_entry])
def test_draft_is_written_by_authors_and_what_is_public_by_those_who_publish(make: Any) -> None:
    draft, public = make(published=False), make()
    scheduled = make(publish_at=timezone.now() + timedelta(days=9))
    model, now = type(draft), timezone.now()

    def save(page: Any, **values: Any) -> Any:
        stored = model.objects.get(pk=page.pk)
        return lambda: (stored.__dict__.update(values), stored.save())

    assert who_may(save(draft, slug="other")) == EVERYBODY
    assert who_may(save(public, slug="other")) == PUBLISHERS
    assert who_may(save(scheduled, slug="other")) == PUBLISHERS
    # A draft in memory is none where it is stored as public.
    assert who_may(save(public, publish_at=None)) == PUBLISHERS
    assert who_may(save(draft, publish_at=now)) == PUBLISHERS
    assert who_may(lambda: model.objects.filter(pk=draft.pk).update(slug="other")) == EVERYBODY
    assert who_may(lambda: model.objects.update(position=4)) == PUBLISHERS
    assert who_may(lambda: model.objects.filter(pk=draft.pk).update(publish_at=now)) == PUBLISHERS
    draft.slug, public.slug = "one", "two"
    assert who_may(lambda: model.objects.bulk_update([draft], ["slug"])) == EVERYBODY
    assert who_may(lambda: model.objects.bulk_update([draft, public], ["slug"])) == PUBLISHERS


def test_new_page_is_a_draft_or_made_by_those_who_publish() -> None:
    category = make_faq_category()

    def entry(**values: Any) -> FaqEntry:
        return FaqEntry(category=category, question="Q?", answer="A.", slug="q", number=7000, **values)

    assert who_may(lambda: entry().save()) == EVERYBODY
    assert who_may(lambda: entry(publish_at=timezone.now()).save()) == PUBLISHERS
    assert who_may(lambda: FaqEntry.objects.bulk_create([entry()])) == EVERYBODY
    assert who_may(lambda: FaqEntry.objects.bulk_create([entry(publish_at=timezone.now())])) == PUBLISHERS


@pytest.mark.parametrize(("published", "expected"), [(False, EVERYBODY), (True, PUBLISHERS)])
def test_what_a_page_is_made_of_is_written_by_who_may_change_the_page(published: bool, expected: list[str]) -> None:
    other = make_cause()
    symptom = make_symptom(published=published, causes=[make_cause(), make_cause()])
    check = symptom.checks.first()
    assert check
    cause = check.cause
    assert who_may(lambda: Cause.objects.get(pk=cause.pk).save()) == expected
    assert who_may(lambda: Resolution.objects.get(pk=cause.resolution_id).save()) == expected
    assert who_may(lambda: Resolution.objects.filter(pk=cause.resolution_id).update(body="x")) == expected
    assert who_may(lambda: Check.objects.create(symptom=symptom, cause=other, position=3)) == expected
    assert who_may(lambda: Check.objects.bulk_create([Check(symptom=symptom, cause=other, position=3)])) == expected
    assert who_may(lambda: Check.objects.reorder(symptom, [other, cause])) == expected
    # The ones that come after move up by themselves.
    assert who_may(lambda: Check.objects.get(pk=check.pk).delete()) == expected
    assert who_may(lambda: Check.objects.filter(pk=check.pk).delete()) == expected
    assert who_may(lambda: Symptom.objects.get(pk=symptom.pk).delete()) == expected


def test_check_is_not_moved_onto_a_public_page_by_an_author() -> None:
    check = make_symptom(published=False).checks.get()
    check.symptom, check.position = make_symptom(), 9
    assert who_may(check.save) == PUBLISHERS


def test_related_symptoms_belong_to_their_entry_from_either_side() -> None:
    draft, public, symptom = make_faq_entry(published=False), make_faq_entry(), make_symptom()
    linked = make_faq_entry(related_symptoms=[symptom])
    assert who_may(lambda: draft.related_symptoms.add(symptom)) == EVERYBODY
    assert who_may(lambda: symptom.faq_entries.add(draft)) == EVERYBODY
    assert who_may(lambda: public.related_symptoms.add(symptom)) == PUBLISHERS
    assert who_may(lambda: symptom.faq_entries.add(public)) == PUBLISHERS
    assert who_may(lambda: linked.related_symptoms.clear()) == PUBLISHERS
    assert who_may(lambda: symptom.faq_entries.clear()) == PUBLISHERS


def test_contact_points_categories_and_synonyms() -> None:
    contact, category = make_contact_point(), make_faq_category()
    synonym = Synonym.objects.create(words="dongle", means="security device")
    assert who_may(lambda: ContactPoint.objects.get(pk=contact.pk).save()) == PUBLISHERS
    assert who_may(lambda: ContactPoint.objects.update(position=4)) == PUBLISHERS
    assert who_may(category.save) == PUBLISHERS
    assert who_may(synonym.save) == EVERYBODY
    assert who_may(lambda: Synonym.objects.get(pk=synonym.pk).delete()) == PUBLISHERS


def test_every_kind_of_content_has_a_rule() -> None:
    from django.apps import apps

    content = {model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")}
    assert [model for model in content if rule_for(model) is None] == []


def test_what_nobody_of_staff_writes_is_not_asked_for() -> None:
    guide = make_guide()
    assert current_actor() is None
    guide.save()
    Guide.objects.update(position=3)
    guide.delete()


def test_check_costs_those_who_may_all_no_query_and_others_one(django_assert_num_queries: Any) -> None:
    make_guide(published=False), make_guide(published=False)
    for role, queries in (("Editor", 1), ("Author", 2)):  # one is the update itself
        user = make_user(role)
        user.get_all_permissions()
        with acting_as(user), django_assert_num_queries(queries):
            PermissionCheckedQuerySet(Guide).update(position=3)


def test_record_is_judged_as_it_is_stored() -> None:
    public = make_guide()
    public.publish_at = None
    actions = ("view", "change", "delete", "publish")
    assert [allowed(make_user("Author"), action, public) for action in actions] == [True] + 3 * [False]
    assert [allowed(make_user("Editor"), action, public) for action in actions] == 4 * [True]
    assert allowed(make_user("Editor"), "publish", make_cause()) is False
    assert allowed(make_user("Agent"), "view", public) is False


def test_kind_of_record_is_judged_by_the_permissions_for_it() -> None:
    actions = ("view", "add", "change", "delete", "publish")
    assert [allowed(make_user("Author"), action, Guide) for action in actions] == 4 * [True] + [False]
    assert [allowed(make_user("Author"), action, ContactPoint) for action in actions] == [True] + 4 * [False]


def test_records_are_not_taken_over_from_the_other_side_of_a_foreign_key() -> None:
    symptom, guide = make_symptom(), make_guide()
    draft = make_symptom(published=False)
    assert who_may(lambda: guide.symptoms.add(draft)) == EVERYBODY
    assert who_may(lambda: guide.symptoms.add(symptom)) == PUBLISHERS
    assert who_may(lambda: Symptom._base_manager.filter(pk=symptom.pk).update(title="Other")) == PUBLISHERS


def test_check_is_not_moved_onto_a_public_page_by_an_update() -> None:
    check, public = make_symptom(published=False).checks.get(), make_symptom(causes=[])
    draft = make_symptom(published=False, causes=[])
    for values in ({"symptom": public}, {"symptom_id": public.pk}):
        assert who_may(lambda values=values: Check.objects.filter(pk=check.pk).update(**values)) == PUBLISHERS  # type: ignore[misc]
    assert who_may(lambda: Check.objects.filter(pk=check.pk).update(symptom=draft)) == EVERYBODY


def test_bulk_create_does_not_change_what_is_public() -> None:
    public = make_faq_entry()

    def entry() -> FaqEntry:
        return FaqEntry(category=public.category, question="Other", answer="A.", slug=public.slug, number=7000)

    def upsert() -> None:
        FaqEntry.objects.bulk_create([entry()], None, False, True, ["question"], ["slug"])

    assert who_may(upsert) == PUBLISHERS


def test_rule_is_refused_for_a_model_that_could_be_written_past_it() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^auth.Group: "):
        register_rule(Group)


def test_page_sent_in_pieces_is_made_by_the_one_who_asked_for_it(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = make_user("Author")
    guide = make_guide()
    seen: list[Any] = []

    def pieces() -> Any:
        seen.append(current_actor())
        yield b"one"
        guide.title = "By the editor"
        guide.save()
        yield b"two"

    response = ActorMiddleware(lambda request: StreamingHttpResponse(pieces()))(request)
    with pytest.raises(PermissionDenied):
        list(response)  # type: ignore[call-overload]
    assert (seen, current_actor()) == ([request.user], None)


def test_history_knows_who_writes_in_a_page_sent_in_pieces(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = make_user("Editor")
    guide = make_guide()

    def pieces() -> Any:
        yield b"one"
        guide.title = "By the editor"
        guide.save()
        yield b"two"

    response: Any = ActorMiddleware(lambda request: StreamingHttpResponse(pieces()))(request)
    assert list(response) == [b"one", b"two"]
    assert [version.history_user for version in guide.history.all()] == [request.user, None]
    guide.title = "By nobody"
    guide.save()
    assert guide.history.first().history_user is None
