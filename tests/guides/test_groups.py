"""Groups of situations: headings on pages, in forms, in history, in export files, and when guides are merged."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from helpdesk.guides.as_of import situations_at
from helpdesk.guides.models import Guide, SituationGroup, Symptom
from helpdesk.publishcheck.rules import problems_of
from tests.accounts.staff_people import editor
from tests.contentadmin.forms import add_url, messages_of, opened, read_form, save, url_of
from tests.factories import make_contact_point, make_group, make_guide, make_symptom
from tests.history.histories import day, on, restore
from tests.redirects.test_page_deletion import delete
from tests.transfer.portals import empty_the_portal, exported, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def guide() -> Guide:
    """Two groups against the order of their making, and situations in and before them."""
    make_contact_point()
    guide = make_guide(slug="email", title="Email")
    receiving = make_group(guide=guide, slug="email-receiving", title="Receiving", position=2)
    sending = make_group(guide=guide, slug="email-sending", title="Sending", position=1)
    make_symptom(guide=guide, title="Mail is late", group=receiving, position=1)
    make_symptom(guide=guide, title="Sent twice", group=sending, position=3)
    make_symptom(guide=guide, title="Outbox is full", group=sending, position=2)
    make_symptom(guide=guide, title="Nothing works", position=4)
    make_symptom(guide=guide, title="Draft", group=make_group(guide=guide, title="Drafts"), published=False)
    return guide


IN_ORDER = [
    "Nothing works",
    "# Sending",
    "Outbox is full",
    "Sent twice",
    "# Receiving",
    "Mail is late",
    "None of these",
]


def listed(html: str, level: int = 2) -> list[str]:
    """The headings (with "#") and the situations of a page, in order."""
    found = re.findall(rf'<h{level} id="group-[0-9]+">([^<]+)|<a [^>]+>(?:<span>)?<strong[^>]*>([^<]+)', html)
    return [f"# {heading}" if heading else title for heading, title in found]


def page(client: Client, path: str = "/guides/email/") -> str:
    return client.get(path).content.decode()


def test_situations_are_below_the_heading_of_their_group(client: Client, guide: Guide) -> None:
    assert listed(page(client)) == IN_ORDER
    make_symptom(guide=make_guide(slug="g"), slug="on", leads_to=guide)
    assert listed(page(client, "/guides/g/on/"), level=3) == IN_ORDER


def test_page_was_grouped_as_its_groups_were_then() -> None:
    with on(day(1)):
        guide = make_guide(slug="email")
        first, second = make_group(guide=guide, title="First"), make_group(guide=guide, title="Second", position=1)
        late = make_symptom(guide=guide, title="Late", group=second, position=1)
        make_symptom(guide=guide, title="Soon", group=first, position=2)
    with on(day(3)):
        second.title, second.position = "Second renamed", 0
        second.save()
        first.position = 1
        first.save()
    key = second.pk
    with on(day(5)):
        second.delete()
    then = [[(one.group and one.group.title, one.title) for one in situations_at(guide, day(n))] for n in (2, 4, 6)]
    assert then == [
        [("First", "Soon"), ("Second", "Late")],
        [("Second renamed", "Late"), ("First", "Soon")],
        [(None, "Late"), ("First", "Soon")],
    ]
    response = editor().get(url_of(guide, "history_at"), {"date": "2026-03-04"})
    assert listed(response.content.decode())[:2] == ["# Second renamed", "Late"]
    late.refresh_from_db()
    assert [version.group_id for version in late.history.all()] == [None, key]  # its deletion is a change of both


def test_deleted_group_is_restored_without_its_situations(guide: Guide) -> None:
    client, group = editor(), SituationGroup.objects.get(title="Sending")
    pk = group.pk
    group.delete()
    version = SituationGroup.history.filter(id=pk).first()
    group.pk = pk
    messages = restore(client, group, version)
    assert SituationGroup.objects.get(pk=pk).title == "Sending", messages


def test_editor_orders_and_groups_situations_on_the_page_of_the_guide(guide: Guide) -> None:
    client = editor()
    assert save(client, guide, **new_group("Calendars")).status_code == 302
    new = SituationGroup.objects.get(title="Calendars")
    assert (new.slug, new.guide) == ("email-calendars", guide)
    form = opened(client, url_of(guide))
    titles = {form[f"symptoms-{n}-id"][0]: n for n in range(5)}
    row = titles[str(Symptom.objects.get(title="Nothing works").pk)]
    assert save(client, guide, form, **{f"symptoms-{row}-group": str(new.pk)}).status_code == 302
    assert listed(page(Client()))[-3:] == ["# Calendars", "Nothing works", "None of these"]
    assert Symptom.objects.get(title="Nothing works").history.count() == 2
    assert Symptom.objects.get(title="Sent twice").group.title == "Sending"  # type: ignore[union-attr]


def new_group(title: str) -> dict[str, Any]:
    return {
        "groups-TOTAL_FORMS": "4",
        **{"groups-3-id": "", "groups-3-guide": "", "groups-3-title": title, "groups-3-position": "9"},
    }


def test_heading_twice_in_a_guide_is_refused(guide: Guide) -> None:
    response = save(editor(), guide, **new_group("Sending"))
    assert response.status_code == 200
    assert SituationGroup.objects.filter(title="Sending").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        make_group(guide=guide, title="Sending")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_group(guide=guide, title="")


def test_form_of_a_situation_offers_the_groups_of_its_guide(guide: Guide) -> None:
    client, other = editor(), make_group(title="Elsewhere")
    symptom = Symptom.objects.get(title="Nothing works")
    html = client.get(url_of(symptom)).content.decode()
    assert ("Sending</option>" in html, "Elsewhere</option>" in html) == (True, False)
    html = client.get(add_url(Symptom)).content.decode()
    assert ("Sending</option>" in html, "Elsewhere</option>" in html) == (True, True)
    response = save(client, symptom, group=str(other.pk))
    assert "“Elsewhere” is a heading in another guide." in response.content.decode()
    sending = SituationGroup.objects.get(title="Sending")
    assert save(client, symptom, group=str(sending.pk)).status_code == 302
    symptom.refresh_from_db()
    assert symptom.group == sending
    with pytest.raises(ValidationError, match="heading in another guide"):
        Symptom(guide=guide, group=other, title="A", slug="a").full_clean()


def test_group_without_public_situations_is_a_finding(guide: Guide) -> None:
    found = [(problem.rule, problem.severity, dict(problem.values)) for problem in problems_of(guide)]
    assert [one for one in found if one[0].endswith("group")] == [("empty-group", "warning", {"name": "Drafts"})]
    elsewhere = make_group(title="Elsewhere")
    Symptom.objects.filter(title="Nothing works").update(group=elsewhere)
    symptom = Symptom.objects.get(title="Nothing works")
    (wrong,) = [problem for problem in problems_of(symptom) if "group" in problem.rule]
    assert (wrong.rule, wrong.severity, wrong.field) == ("group-of-another-guide", "error", "group")


def test_groups_leave_and_come_back_in_a_file(client: Client, guide: Guide) -> None:
    text = exported()
    assert "    groups:\n" in text
    assert "heading: Sending" in text
    empty_the_portal()
    assert not SituationGroup.objects.exists()
    imported(text)
    assert listed(page(client)) == IN_ORDER
    assert exported() == text


def test_file_of_version_1_0_leaves_groups_as_they_are(client: Client, guide: Guide) -> None:
    text = exported()
    before = re.sub(r"    groups:\n(      .*\n)+", "", re.sub(r" +group: .*\n", "", text))
    before = before.replace("helpdesk bundle: 2", "helpdesk bundle: 1").replace("Nothing works", "Nothing works at all")
    imported(before, "*")
    assert listed(page(client)) == ["Nothing works at all", *IN_ORDER[1:]]


def test_groups_move_with_a_merged_guide_and_join_those_of_the_same_heading(client: Client, guide: Guide) -> None:
    other = make_guide(slug="mail", title="Mail")
    make_symptom(guide=other, title="Cannot send", group=make_group(guide=other, title="Sending", position=5))
    response = delete(editor(), guide, way="merge", page=str(other.number))
    assert response.status_code == 302, messages_of(response)
    assert listed(page(client, "/guides/mail/")) == [
        *("Nothing works", "# Sending", "Cannot send", "Outbox is full", "Sent twice"),
        *("# Receiving", "Mail is late", "None of these"),
    ]
    assert not SituationGroup.objects.filter(guide=guide.pk).exists()


def test_situation_leaves_its_group_when_it_moves_with_the_form(guide: Guide) -> None:
    symptom, other = Symptom.objects.get(title="Sent twice"), make_guide()
    response = save(editor(), symptom, guide=str(other.pk))
    assert "Choose one of this guide" in response.content.decode()
    assert read_form(response)["group"] == [str(symptom.group_id)]
    assert save(editor(), symptom, guide=str(other.pk), group="").status_code == 302
