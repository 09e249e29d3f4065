"""Staff start an announcement with two clicks, from any page of the admin, and end it with one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.announcements.models import Announcement
from helpdesk.guides.models import Symptom
from helpdesk.history.versions import history_of
from tests.accounts.staff_people import editor, make_user, signed_in
from tests.factories import make_announcement, make_guide, make_symptom
from tests.pages.test_every_page import Tree
from tests.publishcheck.planted import checked

pytestmark = pytest.mark.django_db

LIST = "/admin/announcements/announcement/"
START = f"{LIST}start/"


def change_page(record: Any) -> str:
    return reverse(f"admin:guides_{record._meta.model_name}_change", args=[record.pk])


def header_links(client: Client, path: str) -> list[str]:
    tree = Tree(client.get(path).content.decode())
    return [link.attributes["href"] for link in tree.all("a") if link.attributes.get("class") == "start-announcement"]


def test_symptom_page_leads_to_a_form_with_that_symptom_and_back_again(client: Client) -> None:
    symptom = make_symptom()
    staff, page = editor("anna"), change_page(symptom)
    (link,) = header_links(staff, page)
    form = Tree(staff.get(link).content.decode())
    chosen = [option.attributes["value"] for option in form.all("option") if "selected" in option.attributes]
    assert chosen == [f"symptom-{symptom.pk}", ""]
    (back,) = [field.attributes["value"] for field in form.all("input", name="next")]
    answer = staff.post(link, {"title": "Slow", "severity": "problem", "where": chosen[0], "next": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    announcement = Announcement.objects.get()
    assert [*announcement.symptoms.all()] == [symptom]
    assert (announcement.is_limited, announcement.ends_at) == (True, None)
    assert "Problem: Slow" in client.get(symptom.get_absolute_url()).content.decode()

    ended = staff.post(f"{LIST}{announcement.pk}/end/", {"next": page})
    assert (ended.status_code, ended.headers["Location"]) == (303, page)
    assert "Problem: Slow" not in client.get(symptom.get_absolute_url()).content.decode()
    versions = history_of(Announcement).order_by("history_id")
    assert [(version.history_type, str(version.history_user)) for version in versions] == [
        ("+", "anna"),
        ("~", "anna"),
    ]


def test_form_sent_twice_starts_one_announcement_and_a_second_end_changes_nothing() -> None:
    guide, staff = make_guide(), editor()
    values = {"title": "Down", "severity": "outage", "where": f"guide-{guide.pk}", "hours": "4", "next": "//elsewhere"}
    for _ in range(2):
        assert staff.post(START, values).headers["Location"] == LIST
    announcement = Announcement.objects.get()
    assert announcement.ends_at == announcement.starts_at + timedelta(hours=4)
    for hours, ends_at in (("1", announcement.starts_at + timedelta(hours=1)), ("", None)):
        staff.post(START, values | {"hours": hours})
        announcement = Announcement.objects.get()
        assert (announcement.ends_at is None) == (ends_at is None)
        assert ends_at is None or abs(announcement.ends_at - ends_at) < timedelta(minutes=1)
    ends = []
    for _ in range(2):
        staff.post(f"{LIST}{announcement.pk}/end/")
        announcement.refresh_from_db()
        ends.append(announcement.ends_at)
    assert ends[0] == ends[1] < timezone.now()


def test_restored_text_of_an_announcement_that_has_ended_is_no_news_again(client: Client) -> None:
    staff = editor()
    staff.post(START, {"title": "Logins are slwo", "severity": "outage", "where": "portal"})
    announcement = Announcement.objects.get()
    first = history_of(Announcement).get()
    staff.post(f"{LIST}{announcement.pk}/end/")
    announcement.refresh_from_db()
    ended_at, announcement.title = announcement.ends_at, "Logins are slow"
    announcement.save()
    answer = staff.post(f"{LIST}{announcement.pk}/history/{first.pk}/", follow=True)

    announcement.refresh_from_db()
    assert (announcement.title, announcement.ends_at) == ("Logins are slwo", ended_at)
    assert "this moment has passed" in answer.content.decode()
    assert "slwo" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"where": "guide-0"}, "Select a valid choice"),
        ({"severity": "panic"}, "Select a valid choice"),
    ],
)
def test_form_that_cannot_be_is_shown_again_with_a_sentence(values: dict[str, str], sentence: str) -> None:
    staff = editor()
    answer = staff.post(START, {"title": "Slow", "severity": "problem", "where": "portal", **values})
    assert (answer.status_code, sentence in answer.content.decode()) == (200, True)
    assert not Announcement.objects.exists()


def test_form_needs_a_token() -> None:
    staff = Client(enforce_csrf_checks=True)
    staff.force_login(make_user("Editor"))
    assert staff.post(START, {"title": "Slow", "severity": "problem", "where": "portal"}).status_code == 403
    assert not Announcement.objects.exists()


def test_header_shows_what_is_live_on_every_page_to_those_who_may_end_it() -> None:
    make_announcement(title="Down", severity="outage")
    make_announcement(title="Over", ends_at=timezone.now())
    make_announcement(title="To come", starts_at=timezone.now() + timedelta(days=1))
    live = ["Outage: Down"]
    for role, shown in {"Editor": live, "Administrator": live, "Author": [], "Agent": []}.items():
        staff = signed_in(make_user(role))
        for path in ("/admin/", "/admin/tickets/", "/admin/account/"):
            tree = Tree(staff.get(path).content.decode())
            forms = [
                form for form in tree.all("form") if form.attributes.get("class", "").startswith("live-announcement ")
            ]
            assert [link.text for link in tree.all("a") if link.within[-1] in forms] == shown, (role, path)


def test_admin_form_notes_whether_pages_are_chosen() -> None:
    guide, staff = make_guide(), editor()
    values = {"title": "Maintenance", "severity": "info", "starts_at_0": "2026-12-01", "starts_at_1": "09:00:00"}
    assert staff.post(f"{LIST}add/", {**values, "guides": [guide.pk]}).status_code == 302
    announcement = Announcement.objects.get()
    assert announcement.is_limited
    seen = re.search(r'name="seen" value="([^"]*)"', staff.get(f"{LIST}{announcement.pk}/change/").content.decode())
    assert seen is not None
    assert staff.post(f"{LIST}{announcement.pk}/change/", {**values, "seen": seen[1]}).status_code == 302
    announcement.refresh_from_db()
    assert (announcement.is_limited, [*announcement.guides.all()]) == (False, [])


def test_list_says_state_and_place_in_a_fixed_number_of_queries(django_assert_max_num_queries: Any) -> None:
    staff = editor()
    for number in range(3):
        make_announcement(title=f"Live {number}", symptoms=[make_symptom()], guides=[make_guide()])
    make_announcement(title="Over", ends_at=timezone.now())
    staff.get(LIST)
    with django_assert_max_num_queries(16):
        page = staff.get(f"{LIST}?state=live").content.decode()
    assert [title in page for title in ("Live 0", "Live 2", ">Over<", Symptom.objects.first().title)] == [
        True,
        True,
        False,
        True,
    ]


def test_full_check_fails_over_a_dead_link_while_it_is_announced() -> None:
    announcement = make_announcement(title="Down", link_text="More", link="/g/9999/")
    assert ": 1 error in" in checked()
    announcement.ends_at = timezone.now()
    announcement.save()
    assert ": 0 errors in" in checked()
