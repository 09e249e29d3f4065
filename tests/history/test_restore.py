"""One click back: an older text is put on top, and what was deleted comes back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.guides.models import Cause, Check, Guide, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem, ProblemMessage
from helpdesk.publishcheck.rules import rules_for
from tests.accounts.staff_people import administrator, author, editor, make_user, without_rights
from tests.contentadmin.forms import messages_of, opened, save, url_of
from tests.factories import (
    PUBLISHED_AT,
    make_cause,
    make_contact_point,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)
from tests.history.histories import day, history, on, restore, told, version_url

pytestmark = pytest.mark.django_db


# One click back


def test_editor_goes_back_to_an_older_version() -> None:
    guide = make_guide(title="Before")
    client = editor()
    save(client, guide, title="After")
    url = version_url(guide, guide.history.last())
    assert client.post(url, opened(client, url)).status_code == 302
    guide.refresh_from_db()
    assert guide.title == "Before"
    assert guide.history.count() == 3


def test_restoring_says_what_it_replaced_and_keeps_the_publishing() -> None:
    with on(day(1)):
        guide = make_guide(title="Before", published=False)
        make_contact_point()
        make_symptom(guide=guide)
    with on(day(2)):
        save(editor("Ada"), guide, title="After", publish_at_0="2026-01-01", publish_at_1="09:00")
    messages = restore(editor("Bob"), guide, guide.history.last())
    assert messages == [
        "“Before” was restored to the version of March 1, 2026, 12:00 PM. It replaces the version Ada saved on "
        "March 2, 2026, 12:00 PM, which stays in the history."
    ]
    guide.refresh_from_db()
    newest = guide.history.first()
    assert (guide.title, guide.publish_at is None) == ("Before", False)
    assert (newest.history_change_reason, newest.history_user.username) == (
        Reason.RESTORED.of(day(1).isoformat()),
        "Bob",
    )


def test_publishing_is_put_back_only_where_that_is_asked_for_and_allowed() -> None:
    guide = make_guide()
    Guide.objects.update(publish_at=None)
    first = guide.history.last()
    assert author().post(version_url(guide, first), {"publishing": "1"}).status_code == 403
    restore(editor(), guide, first, publishing="1")
    guide.refresh_from_db()
    assert guide.publish_at == PUBLISHED_AT


def test_symptom_is_restored_with_its_checks_and_their_order() -> None:
    with on(day(1)):
        one, two, gone = make_cause(title="A"), make_cause(title="B"), make_cause(title="Gone")
        symptom = make_symptom(causes=[one, gone, two], title="Before")
    with on(day(2)):
        symptom.title = "After"
        symptom.save()
        Check.objects.reorder(symptom, [two])
    gone.delete()
    messages = restore(editor(), symptom, symptom.history.last())
    assert messages[1:] == ["The cause “Gone” has been deleted, so its check was left out."]
    symptom.refresh_from_db()
    order = list(symptom.checks.order_by("position").values_list("position", "cause__title"))
    assert (symptom.title, order) == ("Before", [(1, "A"), (2, "B")])


def test_order_alone_can_be_restored_by_its_moment() -> None:
    with on(day(1)):
        one, two = make_cause(title="A"), make_cause(title="B")
        symptom = make_symptom(causes=[one, two])
    with on(day(2)):
        Check.objects.reorder(symptom, [two, one])
    with on(day(3)):
        Check.objects.reorder(symptom, [one])
    client = editor()
    steps = history(client, symptom).context["page_obj"]
    assert steps[1].moment == day(2)
    restore(client, symptom, symptom.history.get(), moment=steps[1].exactly)
    assert list(symptom.checks.order_by("position").values_list("cause__title", flat=True)) == ["B", "A"]


def test_symptom_that_led_on_leads_on_again_without_checks() -> None:
    guide = make_guide()
    with on(day(1)):
        symptom = make_symptom(leads_to=guide)
    with on(day(2)), revision():
        symptom.leads_to = None
        symptom.save()
        Check.objects.reorder(symptom, [make_cause()])
    restore(editor(), symptom, symptom.history.last())
    symptom.refresh_from_db()
    assert (symptom.leads_to, symptom.checks.count()) == (guide, 0)


def test_public_symptom_is_not_left_without_anything_to_check() -> None:
    with on(day(1)):
        gone = make_cause(title="Gone")
        symptom = make_symptom(causes=[gone], title="Before")
    with on(day(2)):
        Symptom.objects.update(title="After")
        Check.objects.reorder(symptom, [make_cause(title="Kept")])
    gone.delete()
    assert restore(editor(), symptom, symptom.history.last())[1:] == [
        "All its causes from that version have been deleted, so there would be no checks. Restore a cause first."
    ]
    symptom.refresh_from_db()
    assert (symptom.title, symptom.checks.get().cause.title) == ("After", "Kept")


def test_entry_is_restored_with_its_related_symptoms() -> None:
    kept, gone = make_symptom(), make_symptom(title="Gone")
    with revision():
        entry = make_faq_entry(question="Before", related_symptoms=[kept, gone])
    first = entry.history.get()
    gone.delete()
    save(editor(), entry, question="After", related_symptoms=[])
    messages = restore(editor(), entry, first)
    assert messages[1:] == ["Related situations: “Gone” has been deleted, so it was left out."]
    entry.refresh_from_db()
    assert (entry.question, list(entry.related_symptoms.all())) == ("Before", [kept])


def test_address_is_restored_only_where_it_is_free() -> None:
    guide = make_guide(slug="old", title="Before")
    Guide.objects.filter(pk=guide.pk).update(slug="new", title="After")
    first = guide.history.last()
    other = make_guide(slug="old", published=False)
    messages = restore(editor(), guide, first)
    assert messages[1:] == ["The slug is still “new” because “old” is now used by another record."]
    other.delete()
    restore(editor(), guide, first)
    guide.refresh_from_db()
    assert (guide.slug, guide.title) == ("old", "Before")


def test_relation_to_what_is_gone_stays_as_it_is() -> None:
    old, new = make_resolution(title="Old way"), make_resolution()
    cause = make_cause(title="Before", resolution=old)
    cause.resolution, cause.title = new, "After"
    cause.save()
    old.delete()
    messages = restore(editor(), cause, cause.history.last())
    assert messages[1:] == ["Resolution: “Old way” has been deleted, so this field wasn't changed."]
    cause.refresh_from_db()
    assert (cause.title, cause.resolution) == ("Before", new)


def test_loop_is_refused_with_a_sentence() -> None:
    one, two = make_guide(title="One"), make_guide(title="Two")
    symptom = make_symptom(guide=one, leads_to=two, title="Before")
    symptom.leads_to, symptom.title = make_guide(), "After"
    symptom.save()
    make_symptom(guide=two, leads_to=one, title="Back")
    messages = restore(editor(), symptom, symptom.history.last())
    assert messages == [
        "Nothing was changed: this version can't be restored.",
        "Continues in guide: This would be a loop: One › Before › Two › Back › One. Change one of these steps.",
    ]
    symptom.refresh_from_db()
    assert (symptom.title, symptom.history.count()) == ("After", 2)


BAD_TITLE = ProblemMessage("test-title", "This title is a bad one.")


@rules_for(Guide)
def _no_bad_title(guide: Guide, context: CheckContext) -> list[Problem]:
    """A rule of these tests: no other test has such a title."""
    return [BAD_TITLE.on(guide, "title")] if "{bad}" in guide.title else []


def test_text_that_the_publish_check_refuses_is_not_put_back_on_a_public_page() -> None:
    guide, draft = make_guide(title="A {bad} one"), make_guide(title="A {bad} one", published=False)
    Guide.objects.update(title="A good one")
    refused = restore(editor(), guide, guide.history.last())
    assert refused == ["Nothing was changed: this version can't be restored.", "This title is a bad one."]
    assert guide.history.count() == 2
    restore(editor(), draft, draft.history.last())
    assert list(Guide.objects.order_by("pk").values_list("title", flat=True)) == ["A good one", "A {bad} one"]


def test_older_version_of_a_draft_does_not_let_an_author_change_what_is_public() -> None:
    guide = make_guide(title="Before", published=False)
    make_contact_point()
    make_symptom(guide=guide)
    save(editor(), guide, title="After", publish_at_0="2026-01-01", publish_at_1="09:00")
    client = author()
    draft = guide.history.last()
    assert draft.publish_at is None
    page = client.get(version_url(guide, draft))
    assert (page.status_code, "</form>" in page.content.decode().partition('id="content-main"')[2]) == (200, False)
    assert "Restore<" not in history(client, guide).content.decode()
    response = client.post(version_url(guide, draft), {"title": "Before", "slug": guide.slug, "short_title": "x"})
    guide.refresh_from_db()
    assert (response.status_code, guide.title) == (403, "After")


def test_older_public_version_does_not_let_an_author_publish() -> None:
    guide = make_guide(title="Before")
    guide.publish_at = None
    guide.title = "After"
    guide.save()
    client = author()
    url = version_url(guide, guide.history.last())
    assert guide.history.last().publish_at is not None
    assert client.post(url, opened(client, url)).status_code == 302
    guide.refresh_from_db()
    assert (guide.title, guide.publish_at) == ("Before", None)


def test_author_puts_nothing_back_that_a_public_page_shows() -> None:
    cause = make_cause(title="Before")
    Cause.objects.update(title="After")
    client, first = author(), cause.history.last()
    make_symptom(causes=[cause])
    assert client.post(version_url(cause, first)).status_code == 403
    Symptom.objects.update(publish_at=None)
    assert client.post(version_url(cause, first)).status_code == 302
    assert Cause.objects.get().title == "Before"


def test_what_was_changed_past_the_portal_is_kept_before_it_is_replaced() -> None:
    guide = make_guide(title="Before")
    Guide.objects.update(title="After")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guides_guide SET title = 'By hand' WHERE id = %s", [guide.pk])
    restore(editor(), guide, guide.history.last())
    assert list(guide.history.values_list("title", flat=True)) == ["Before", "By hand", "After", "Before"]


def test_restoring_needs_a_token() -> None:
    guide = make_guide(title="Before")
    Guide.objects.update(title="After")
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editor"))
    assert client.post(version_url(guide, guide.history.last())).status_code == 403
    assert Guide.objects.get().title == "After"


# What was deleted


def test_deleted_symptom_comes_back_under_its_number_with_its_checks() -> None:
    one, two = make_cause(title="A"), make_cause(title="B")
    with revision():
        symptom = make_symptom(causes=[two, one], title="Lost")
    number, pk = symptom.number, symptom.pk
    client = editor("Ada")
    client.post(url_of(symptom, "delete"), {"post": "yes", "way": "gone"})
    deleted = client.get(reverse("admin:guides_symptom_deleted"))
    (row,) = deleted.context["rows"]
    assert (row["name"], row["number"], row["who"]) == ("Lost", number, "Ada")
    address = reverse("admin:guides_symptom_simple_history", args=[row["key"], row["version"]])
    assert client.get(address).status_code == 200
    response = client.post(address, follow=True)
    assert messages_of(response) == ["“Lost” was restored under its old number, as a draft."]
    back = Symptom.objects.get()
    order = list(back.checks.order_by("position").values_list("cause__title", flat=True))
    assert (back.pk, back.number, back.publish_at, order) == (pk, number, None, ["B", "A"])
    assert told(history(client, back))[0][1][0] == ("", "Restored", {})
    assert client.get(reverse("admin:guides_symptom_deleted")).context["rows"] == []


def test_deleted_record_whose_address_is_taken_stays_deleted() -> None:
    guide = make_guide(slug="same", title="Lost")
    guide.delete()
    last = Guide.history.first()
    make_guide(slug="same")
    assert restore(editor(), guide, last) == [
        "Nothing was changed: this version can't be restored.",
        "The slug “same” is now used by another record. Change that one first.",
    ]
    assert Guide.objects.count() == 1


@pytest.mark.parametrize("is_deleted", [True, False])
def test_version_whose_slug_is_reserved_by_now_comes_back_with_another(is_deleted: bool) -> None:
    guide = make_guide(slug="other", title="Lost")
    make_guide(slug="fix-2")
    if is_deleted:
        guide.delete()
    Guide.history.filter(slug="other").update(slug="fix")
    slug = "fix-3" if is_deleted else "other"
    said = restore(
        editor(), Guide(pk=guide.pk or Guide.history.get(history_type="-").id), Guide.history.filter(slug="fix").first()
    )
    assert said[1:] == [f"The slug is “{slug}” because “fix” is reserved."]
    assert Guide.objects.get(title="Lost").slug == slug


def test_deleted_record_waits_for_what_it_stood_in() -> None:
    symptom = make_symptom(guide=make_guide(title="The guide"))
    guide = symptom.guide
    symptom.delete()
    guide.delete()
    refused = restore(editor(), symptom, Symptom.history.first())
    assert refused[1:] == ["Guide: “The guide” was deleted. Restore it first."]
    restore(editor(), guide, Guide.history.first())
    restore(editor(), symptom, Symptom.history.first())
    assert Symptom.objects.get().guide == Guide.objects.get()


def test_author_brings_back_a_draft_but_staff_without_rights_see_nothing() -> None:
    guide = make_guide(title="Lost")
    guide.delete()
    last = Guide.history.first()
    deleted = reverse("admin:guides_guide_deleted")
    nobody = without_rights()
    assert nobody.get(deleted).status_code == 403
    assert nobody.post(version_url(guide, last)).status_code == 403
    assert Client().get(deleted).status_code == 302
    restore(author(), guide, last)
    assert Guide.objects.get().publish_at is None


def test_list_of_what_was_deleted_takes_the_same_queries_for_few_and_many() -> None:
    client = administrator()
    address = reverse("admin:guides_guide_deleted")
    costs = []
    for number in (1, 3):
        while Guide.history.filter(history_type="-").count() < number:
            make_guide().delete()
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address).context["rows"]) == number
        costs.append(len(queries))
    assert costs[0] == costs[1]
