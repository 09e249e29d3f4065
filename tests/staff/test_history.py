"""The history of a record: who changed what, the page as it was, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, Guide, Resolution, Symptom
from helpdesk.staff.problems import Problem, rules_for
from helpdesk.staff.recording import recording_off, together
from tests.browsing import Page
from tests.factories import (
    PUBLISHED_AT,
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)
from tests.staff.forms import messages_of, opened, save, url_of
from tests.staff.histories import day, on
from tests.staff.people import administrator, author, editor, make_user, signed_in, without_rights

pytestmark = pytest.mark.django_db


def version_url(record: Any, version: Any) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_simple_history", args=[version.id, version.history_id])


def at_url(record: Any) -> str:
    return url_of(record, "history_at")


def history(client: Client, record: Any, query: str = "") -> Any:
    response = client.get(url_of(record, "history") + query)
    assert response.status_code == 200
    return response


def told(response: Any) -> list[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    """What a history says: for each step who it was, and for each record its name, what happened, the changes."""
    return [
        (step.who, [(i.name, i.kind, {c.label: plain(c.short) for c in i.changes}) for i in step.items])
        for step in response.context["page_obj"]
    ]


def plain(html: str) -> str:
    """A difference as it is heard."""
    return Page("", html).text


def restore(client: Client, record: Any, version: Any, **form: Any) -> list[str]:
    """Puts a version back; the messages of the page that comes after."""
    response = client.post(version_url(record, version), form, follow=True)
    assert response.redirect_chain[0][1] == 302
    return messages_of(response)


# The list


def test_history_names_who_changed_what() -> None:
    guide = make_guide(title="Before this")
    client = editor("Ada")
    save(client, guide, title="After <b>")
    response = history(client, guide)
    assert told(response) == [
        ("Ada", [("", "", {"Title": "removed: Before this added: After <b>"})]),
        ("a program", [("", "Created", {})]),
    ]
    assert '<ins><span class="visually-hidden">added: </span>After &lt;b&gt;</ins>' in response.content.decode()


def test_changes_are_in_words() -> None:
    with on(day(1)):
        guide, other = make_guide(title="From here"), make_guide(title="To there")
        symptom = make_symptom(guide=guide, published=False, title="One two three")
    symptom.guide, symptom.title, symptom.publish_at = other, "One 2 three", PUBLISHED_AT
    symptom.save()
    assert told(history(editor(), symptom, "?only=1"))[0] == (
        "a program",
        [
            (
                "",
                "",
                {
                    "Publish from": "removed: Draft → added: Published from 5 January 2026, 09:00",
                    "Guide": "removed: From here → added: To there",
                    "Title": "One removed: two added: 2 three",
                },
            )
        ],
    )


def test_related_records_are_named_also_when_they_are_gone() -> None:
    with on(day(1)):
        kept, gone = make_symptom(title="Kept"), make_symptom(title="Gone <i>")
        entry = make_faq_entry()
    with on(day(2)):
        entry.related_symptoms.set([kept, gone])
    with on(day(3)):
        gone.delete()
        entry.question = "What now?"
        entry.save()
    response = history(editor(), entry)
    assert [items for _who, items in told(response)][:2] == [
        [
            (
                "",
                "",
                {"Question": "What removed: is a code added: now ?", "Related symptoms": "removed: Gone <i>"},
            )
        ],
        [("", "", {"Related symptoms": "added: Gone <i> added: Kept"})],
    ]
    assert "Gone &lt;i&gt;" in response.content.decode()


def test_history_of_a_page_covers_what_stands_on_it_while_it_does() -> None:
    with on(day(1)):
        contact = make_contact_point(name="Old desk")
        resolution = make_resolution(title="Switch it on", body="Press for 14 seconds.", contact_point=contact)
        one, two = make_cause(title="A", resolution=resolution), make_cause(title="B")
    with on(day(2)), together():
        symptom = make_symptom(causes=[one])
    with on(day(3)):
        Resolution.objects.filter(pk=resolution.pk).update(body="Press for 10 seconds.")
    with on(day(4)):
        two.title = "B before it stood here"
        two.save()
    with on(day(5)):
        Check.objects.reorder(symptom, [two, one])
    with on(day(6)):
        contact.name = "New desk"
        contact.save()
    with on(day(7)):
        Check.objects.reorder(symptom, [two])
    with on(day(8)):
        one.title = "A after it stood here"
        one.save()
    whole = told(history(editor(), symptom))
    assert [items for _who, items in whole] == [
        [("", "", {"Checks": "1. B before it stood here removed: A after it stood here"})],
        [("Contact point “New desk”", "", {"Name": "removed: Old added: New desk"})],
        [
            (
                "",
                "",
                {"Checks": "added: 1. B before it stood here 2. A after it stood here"},
            )
        ],
        [("Resolution “Switch it on”", "", {"What to do": "Press for removed: 14 added: 10 seconds."})],
        [
            ("", "Created", {}),
            ("", "", {"Checks": "added: 1. A after it stood here"}),
        ],
    ]
    alone = told(history(editor(), symptom, "?only=1"))
    assert alone == [whole[0], whole[2], whole[4]]


def test_history_of_a_guide_covers_its_situations() -> None:
    with on(day(1)):
        guide = make_guide()
        symptom = make_symptom(guide=guide, title="First", causes=[make_cause(title="Cause")], position=1)
        make_symptom(guide=guide, title="Second", position=2, causes=[])
    with on(day(2)), together():
        Symptom.objects.filter(pk=symptom.pk).update(position=3)
        Cause.objects.filter(title="Cause").update(title="Why")
    assert told(history(editor(), guide))[0][1] == [
        ("", "", {"Situations": "added: 1. Second 2. First removed: Second"}),
        ("Cause “Why”", "", {"Title": "removed: Cause added: Why"}),
    ]


def test_changes_of_one_person_at_once_are_one_step() -> None:
    with on(day(1)):
        cause = make_cause(title="A")
        symptom = make_symptom(causes=[cause], title="Before")
    with on(day(2)), together(user=make_user(name="Ada")):
        Symptom.objects.filter(pk=symptom.pk).update(title="After")
        Cause.objects.filter(pk=cause.pk).update(title="B")
    assert told(history(editor(), symptom))[0] == (
        "Ada",
        [("", "", {"Title": "removed: Before added: After"}), ("Cause “B”", "", {"Title": "removed: A added: B"})],
    )


def test_change_past_the_portal_is_noticed_and_kept() -> None:
    guide = make_guide(title="Before")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guides_guide SET title = 'By hand' WHERE id = %s", [guide.pk])
    client = editor()
    first, second = (history(client, guide) for _ in range(2))
    assert "changed past the portal" in first.content.decode()
    assert "It is kept as a version now" not in second.content.decode()
    assert list(guide.history.values_list("title", "history_change_reason", "history_user")) == [
        ("By hand", "Changed past the portal", None),
        ("Before", None, None),
    ]


def test_record_from_before_the_history_begins_with_what_is_stored() -> None:
    with recording_off():
        guide = make_guide(title="Old")
    response = history(editor(), guide)
    assert "changed past the portal" not in response.content.decode()
    assert list(guide.history.values_list("title", "history_type", "history_change_reason", "history_user")) == [
        ("Old", "+", "As it was when its history began", None)
    ]


def test_history_takes_the_same_queries_with_few_and_many_versions() -> None:
    client = administrator()
    costs = []
    for number in (2, 8):
        symptom = make_symptom(causes=[make_cause() for _ in range(2)])
        entry = make_faq_entry(related_symptoms=[symptom])
        for place in range(number):
            symptom.guide, symptom.title = make_guide(), f"Title {place}"
            symptom.save()
            for check in symptom.checks.all():
                check.cause.title = f"Cause {place}"
                check.cause.save()
            entry.related_symptoms.set([symptom] if place % 2 else [])
        costs.append([])
        for record in (symptom, entry):
            history(client, record)
            with CaptureQueriesContext(connection) as queries:
                history(client, record)
            costs[-1].append(len(queries))
    assert costs[0] == costs[1]
    assert max(costs[0]) < 45


def test_history_has_pages() -> None:
    with on(day(1)):
        guide = make_guide()
    for place in range(25):
        with on(day(place + 2)):
            guide.title = f"Title {place}"
            guide.save()
    client = editor()
    pages = [history(client, guide, query) for query in ("", "?p=2", "?p=x", "?p=999")]
    assert [len(page.context["page_obj"]) for page in pages] == [20, 6, 20, 6]
    assert '<a href="?p=2">2</a>' in pages[0].content.decode()


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
    with on(day(2)):
        save(editor("Ada"), guide, title="After", publish_at_0="2026-01-01", publish_at_1="09:00")
    messages = restore(editor("Bob"), guide, guide.history.last())
    assert messages == [
        "“Before” says again what it said on 1 March 2026, 12:00. It takes the place of what Ada saved on "
        "2 March 2026, 12:00, which stays in the history."
    ]
    guide.refresh_from_db()
    newest = guide.history.first()
    assert (guide.title, guide.publish_at is None) == ("Before", False)
    assert (newest.history_change_reason, newest.history_user.username) == ("Restored from 1 March 2026, 12:00", "Bob")


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
    assert messages[1:] == ["The cause “Gone” was deleted meanwhile, so its check is left out."]
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
    with on(day(2)), together():
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
        "All causes it had then were deleted, so visitors would find nothing to check."
    ]
    symptom.refresh_from_db()
    assert (symptom.title, symptom.checks.get().cause.title) == ("After", "Kept")


def test_entry_is_restored_with_its_related_symptoms() -> None:
    kept, gone = make_symptom(), make_symptom(title="Gone")
    with together():
        entry = make_faq_entry(question="Before", related_symptoms=[kept, gone])
    first = entry.history.get()
    gone.delete()
    save(editor(), entry, question="After", related_symptoms=[])
    messages = restore(editor(), entry, first)
    assert messages[1:] == ["Related symptoms: “Gone” was deleted meanwhile, so it is left out."]
    entry.refresh_from_db()
    assert (entry.question, list(entry.related_symptoms.all())) == ("Before", [kept])


def test_address_is_restored_only_where_it_is_free() -> None:
    guide = make_guide(slug="old", title="Before")
    Guide.objects.filter(pk=guide.pk).update(slug="new", title="After")
    first = guide.history.last()
    other = make_guide(slug="old")
    messages = restore(editor(), guide, first)
    assert messages[1:] == ["The address stays “new”, as “old” belongs to another record by now."]
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
    assert messages[1:] == ["Resolution: “Old way” was deleted meanwhile, so this stays as it is."]
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
        "Nothing was changed: the older text cannot be put back.",
        "Leads to guide: Visitors would go round in a circle: One › Before › Two › Back › One.",
    ]
    symptom.refresh_from_db()
    assert (symptom.title, symptom.history.count()) == ("After", 2)


@rules_for(Guide)
def _no_bad_title(guide: Guide, at: Any) -> list[Problem]:
    """A rule of these tests: no other test has such a title."""
    return [Problem("test-title", "This title is a bad one.", guide, "title")] if "{bad}" in guide.title else []


def test_text_that_the_publish_check_refuses_is_not_put_back_on_a_public_page() -> None:
    guide, draft = make_guide(title="A {bad} one"), make_guide(title="A {bad} one", published=False)
    Guide.objects.update(title="A good one")
    refused = restore(editor(), guide, guide.history.last())
    assert refused == ["Nothing was changed: the older text cannot be put back.", "This title is a bad one."]
    assert guide.history.count() == 2
    restore(editor(), draft, draft.history.last())
    assert list(Guide.objects.order_by("pk").values_list("title", flat=True)) == ["A good one", "A {bad} one"]


def test_older_version_of_a_draft_does_not_let_an_author_change_what_is_public() -> None:
    guide = make_guide(title="Before", published=False)
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
    with together():
        symptom = make_symptom(causes=[two, one], title="Lost")
    number, pk = symptom.number, symptom.pk
    client = editor("Ada")
    client.post(url_of(symptom, "delete"), {"post": "yes"})
    deleted = client.get(reverse("admin:guides_symptom_deleted"))
    (row,) = deleted.context["rows"]
    assert (row["name"], row["number"], row["who"]) == ("Lost", number, "Ada")
    address = reverse("admin:guides_symptom_simple_history", args=[row["key"], row["version"]])
    assert client.get(address).status_code == 200
    response = client.post(address, follow=True)
    assert messages_of(response) == ["“Lost” is back under its old number, as a draft."]
    back = Symptom.objects.get()
    order = list(back.checks.order_by("position").values_list("cause__title", flat=True))
    assert (back.pk, back.number, back.publish_at, order) == (pk, number, None, ["B", "A"])
    assert told(history(client, back))[0][1][0] == ("", "Brought back", {})
    assert client.get(reverse("admin:guides_symptom_deleted")).context["rows"] == []


def test_deleted_record_whose_address_is_taken_stays_deleted() -> None:
    guide = make_guide(slug="same", title="Lost")
    guide.delete()
    last = Guide.history.first()
    make_guide(slug="same")
    assert restore(editor(), guide, last) == [
        "Nothing was changed: the older text cannot be put back.",
        "Its address “same” belongs to another record by now. Change that one first.",
    ]
    assert Guide.objects.count() == 1


def test_deleted_record_waits_for_what_it_stood_in() -> None:
    symptom = make_symptom(guide=make_guide(title="The guide"))
    guide = symptom.guide
    symptom.delete()
    guide.delete()
    refused = restore(editor(), symptom, Symptom.history.first())
    assert refused[1:] == ["Guide: “The guide” was deleted. Bring it back first."]
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


# The page as it was


def test_page_is_shown_as_it_was_and_never_with_todays_text() -> None:
    with on(day(1)):
        cause = make_cause(title="Old cause", resolution=make_resolution(title="R", body="Wait 14 days."))
        symptom = make_symptom(causes=[cause], title="Old <title>", published=True)
    with on(day(5)):
        Symptom.objects.update(title="New title")
        Cause.objects.update(title="New cause")
        Resolution.objects.update(body="Wait 10 days.")
    response = editor().get(at_url(symptom), {"date": "2026-03-03"})
    text = Page("", response.content.decode()).text
    assert response.status_code == 200
    assert (response.headers["X-Robots-Tag"], "no-store" in response.headers["Cache-Control"]) == ("noindex", True)
    assert "This page as it was on 3 March 2026, 23:59. Visitors saw it." in text
    for old in ("Old <title>", "Old cause", "Wait 14 days."):
        assert old in text
    for new in ("New title", "New cause", "Wait 10 days."):
        assert new not in response.content.decode()


def test_comparison_with_today_names_each_record_that_changed() -> None:
    with on(day(1)):
        cause = make_cause(title="Cause", resolution=make_resolution(title="R", body="Wait 14 days."))
        symptom = make_symptom(causes=[cause], title="Old")
    with on(day(5)):
        Symptom.objects.update(title="New")
        Resolution.objects.update(body="Wait 10 days.")
        Check.objects.reorder(symptom, [cause, make_cause(title="Another")])
    response = editor().get(at_url(symptom), {"date": "2026-03-03", "time": "10:00", "compare": "1"})
    items = [(i.name, i.kind, {c.label: plain(c.short) for c in i.changes}) for i in response.context["items"]]
    assert items == [
        ("", "", {"Title": "removed: Old added: New"}),
        ("", "", {"Checks": "1. Cause added: 2. Another"}),
        ("Resolution “R”", "", {"What to do": "Wait removed: 14 added: 10 days."}),
    ]


@pytest.mark.parametrize(
    ("query", "status", "text"),
    [
        ({"date": "2026-02-28"}, 200, "did not exist yet. Its history begins on 1 March 2026, 12:00."),
        ({"date": "2026-03-04"}, 200, "At that moment this was deleted, on 3 March 2026, 12:00."),
        ({}, 400, "This is no moment that we can read."),
        ({"date": "x"}, 400, "This is no moment that we can read."),
        ({"date": "9" * 400}, 400, "This is no moment that we can read."),
        ({"date": "0001-01-01"}, 400, "This is no moment that we can read."),
        ({"moment": "2026-03-02\x00"}, 400, "This is no moment that we can read."),
        ({"date": "2026-13-41", "time": "99:99"}, 400, "This is no moment that we can read."),
    ],
)
def test_moment_without_a_page_is_answered_with_a_sentence(query: dict[str, str], status: int, text: str) -> None:
    with on(day(1)):
        guide = make_guide()
    address = at_url(guide)
    with on(day(3)):
        guide.delete()
    response = editor().get(address, query)
    assert response.status_code == status
    assert text in response.content.decode()


def test_moment_to_come_is_the_present() -> None:
    guide = make_guide(title="Now")
    response = editor().get(at_url(guide), {"date": "2999-01-01"})
    assert (response.status_code, response.context["guide"].title) == (200, "Now")


@pytest.mark.parametrize("make", [make_resolution, make_contact_point, make_faq_category, make_cause])
def test_record_without_a_page_shows_its_version_of_then(make: Any) -> None:
    with on(day(1)):
        record = make()
    response = editor().get(at_url(record), {"date": "2026-03-03"})
    assert response.headers["Location"] == version_url(record, record.history.get())
    assert editor().get(response.headers["Location"]).status_code == 200


def test_history_is_for_those_who_may_see_the_record() -> None:
    guide = make_guide()
    addresses = [url_of(guide, "history"), at_url(guide), version_url(guide, guide.history.get())]
    nobody, signed_out = without_rights(), Client()
    viewer = signed_in(make_user("Author"))
    for address in addresses:
        statuses = [client.get(address, {"date": "2999-01-01"}).status_code for client in (nobody, signed_out, viewer)]
        assert (address, statuses) == (address, [403, 302, 200])


@pytest.mark.parametrize("junk", ["x", "0x1", "9" * 40, "١"])
def test_history_of_an_impossible_number_is_not_found(junk: str, client: Client) -> None:
    client = editor()
    guide = make_guide()
    page = reverse("admin:guides_guide_history", args=[guide.pk])
    assert client.get(page.replace(f"/{guide.pk}/", f"/{junk}/")).status_code == 404
    assert client.get(at_url(guide).replace(f"/{guide.pk}/", f"/{junk}/"), {"date": "2026-01-01"}).status_code == 404
    version = version_url(guide, guide.history.first())
    for url in (version.replace(f"/{guide.pk}/history", f"/{junk}/history"), f"{page}{junk}/"):
        assert client.get(url).status_code == 404


def test_version_of_another_record_is_not_found() -> None:
    guide, other = make_guide(), make_guide()
    address = reverse("admin:guides_guide_simple_history", args=[guide.pk, other.history.get().history_id])
    assert editor().post(address).status_code == 404
    assert FaqEntry.objects.count() == 0
