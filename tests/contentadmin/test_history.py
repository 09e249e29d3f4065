"""The history of a record: who changed what, and the page as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, Resolution, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from tests.accounts.staff_people import administrator, editor, make_user, signed_in, without_rights
from tests.browsing import Page
from tests.contentadmin.forms import save, url_of
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
from tests.history.histories import at_url, day, history, on, plain, told, version_url

pytestmark = pytest.mark.django_db


# The list


def test_history_names_who_changed_what() -> None:
    guide = make_guide(title="Before this")
    client = editor("Ada")
    save(client, guide, title="After <b>")
    response = history(client, guide)
    assert told(response) == [
        ("Ada", [("", "", {"Title": "removed: Before this added: After <b>"})]),
        ("the system", [("", "Created", {})]),
    ]
    assert '<ins><span class="visually-hidden">added: </span>After &lt;b&gt;</ins>' in response.content.decode()


def test_changes_are_in_words() -> None:
    with on(day(1)):
        guide, other = make_guide(title="From here"), make_guide(title="To there")
        symptom = make_symptom(guide=guide, published=False, title="One two three")
    symptom.guide, symptom.title, symptom.publish_at = other, "One 2 three", PUBLISHED_AT
    symptom.save()
    assert told(history(editor(), symptom, "?only=1"))[0] == (
        "the system",
        [
            (
                "",
                "",
                {
                    "Publication date": "removed: Draft → added: Published from January 5, 2026, 9:00 AM",
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
                {"Question": "What removed: is a code added: now ?", "Related situations": "removed: Gone <i>"},
            )
        ],
        [("", "", {"Related situations": "added: Gone <i> added: Kept"})],
    ]
    assert "Gone &lt;i&gt;" in response.content.decode()


def test_history_of_a_page_covers_what_stands_on_it_while_it_does() -> None:
    with on(day(1)):
        contact = make_contact_point(name="Old desk")
        resolution = make_resolution(title="Switch it on", body="Press for 14 seconds.", contact_point=contact)
        one, two = make_cause(title="A", resolution=resolution), make_cause(title="B")
    with on(day(2)), revision():
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
    with on(day(2)), revision():
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
    with on(day(2)), revision(user=make_user(name="Ada")):
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
    assert "changed outside the portal" in first.content.decode()
    assert "The change is now saved as a version" not in second.content.decode()
    assert list(guide.history.values_list("title", "history_change_reason", "history_user")) == [
        ("By hand", Reason.CHANGED_OUTSIDE, None),
        ("Before", None, None),
    ]


def test_record_from_before_the_history_begins_with_what_is_stored() -> None:
    guide = make_guide(title="Old")
    guide.history.all().delete()
    response = history(editor(), guide)
    assert "changed outside the portal" not in response.content.decode()
    assert list(guide.history.values_list("title", "history_type", "history_change_reason", "history_user")) == [
        ("Old", "+", Reason.HISTORY_BEGAN, None)
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
    assert "This page as it was on March 3, 2026, 11:59 PM. Visitors saw it." in text
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
        ({"date": "2026-02-28"}, 200, "exist yet. Its history begins on March 1, 2026, 12:00 PM."),
        ({"date": "2026-03-04"}, 200, "This was already deleted, on March 3, 2026, 12:00 PM."),
        ({}, 400, "This isn&#x27;t a valid date."),
        ({"date": "x"}, 400, "This isn&#x27;t a valid date."),
        ({"date": "9" * 400}, 400, "This isn&#x27;t a valid date."),
        ({"date": "0001-01-01"}, 400, "This isn&#x27;t a valid date."),
        ({"moment": "2026-03-02\x00"}, 400, "This isn&#x27;t a valid date."),
        ({"date": "2026-13-41", "time": "99:99"}, 400, "This isn&#x27;t a valid date."),
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
