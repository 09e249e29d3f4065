"""Flags that say "needs change": set and ended on a record's page, seen in the lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpdesk.adminkit.coded_text import text_from_json
from helpdesk.flags.models import Flag
from helpdesk.guides.models import Cause, Guide, Symptom
from helpdesk.search.models import Synonym
from tests.accounts.staff_people import author, editor, make_user, signed_in, without_rights
from tests.contentadmin.forms import list_url, messages_of, opened, url_of
from tests.factories import (
    make_cause,
    make_contact_point,
    make_faq_category,
    make_faq_entry,
    make_guide,
    make_resolution,
    make_symptom,
)

pytestmark = pytest.mark.django_db

NOTE = "The button is called <b>Sign in</b> now"


def flag_url(record: Model) -> str:
    return reverse("admin:flag", args=[record._meta.app_label, record._meta.model_name, record.pk])


def done_url(flag: Flag) -> str:
    return reverse("admin:flag-done", args=[flag.pk])


def set_flag(record: Model, note: str = "Old picture", by: User | None = None) -> Flag:
    return Flag.objects.set_on(record, note=note, by=by)


def agent(*codenames: str) -> User:
    """Staff who may look at some content and change none."""
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def answers(client: Client, record: Model, flag: Flag) -> tuple[int, int]:
    """What setting a flag and ending one of somebody else are answered."""
    return client.post(flag_url(record), {"note": NOTE}).status_code, client.post(done_url(flag)).status_code


@pytest.mark.parametrize(
    "make",
    [
        make_guide,
        make_symptom,
        make_cause,
        make_resolution,
        make_contact_point,
        make_faq_category,
        make_faq_entry,
        lambda: Synonym.objects.create(words="dongle", means="device"),
    ],
)
def test_flag_is_set_and_ended_on_every_kind_of_record(make: Any) -> None:
    record, client = make(), editor("Ed Itor")
    answer = client.post(flag_url(record), {"note": f"  {NOTE}  "}, follow=True)
    assert answer.redirect_chain == [(f"{url_of(record)}#flags", 303)]
    assert messages_of(answer) == [f"“{record}” is now flagged: needs change."]
    flag = Flag.objects.get()
    assert (flag.note, flag.created_by.username, flag.done_at) == (NOTE, "Ed Itor", None)
    page = answer.content.decode()
    assert "The button is called &lt;b&gt;Sign in&lt;/b&gt; now" in page
    assert NOTE not in page
    assert "Needs change" in client.get(list_url(type(record))).content.decode()

    answer = client.post(done_url(flag), follow=True)
    assert messages_of(answer) == [f"Marked as done: “{NOTE}”"]
    flag.refresh_from_db()
    assert (flag.done_by.username, flag.done_at is not None) == ("Ed Itor", True)
    assert "Done" in answer.content.decode()
    logged = LogEntry.objects.order_by("pk").values_list("object_id", "change_message")
    assert [(pk, text_from_json(stored)) for pk, stored in logged] == [
        (str(record.pk), f"Needs change: {NOTE}"),
        (str(record.pk), f"Done: {NOTE}"),
    ]


def test_several_flags_are_counted_in_the_list_and_found_by_the_filter() -> None:
    flagged, other = make_symptom(title="Flagged"), make_symptom(title="Other")
    set_flag(flagged, "One"), set_flag(flagged, "Two")
    Flag.objects.all().end(set_flag(other), by=None)
    client = editor()
    rows = client.get(list_url(Symptom)).context["cl"].result_list
    assert {row.title: row.open_flags for row in rows} == {"Flagged": 2, "Other": 0}
    assert "Needs change (2)" in client.get(list_url(Symptom)).content.decode()
    found = client.get(list_url(Symptom), {"flagged": "yes"}).context["cl"].result_list
    assert [row.title for row in found] == ["Flagged"]


def test_flag_on_another_kind_with_the_same_key_is_not_shown() -> None:
    guide = make_guide()
    cause = make_cause(id=guide.pk)
    set_flag(cause)
    assert (Flag.objects.of(cause).count(), Flag.objects.of(guide).count()) == (1, 0)
    counts = [editor().get(list_url(model)).content.decode().count("flag-badge") for model in (Cause, Guide)]
    assert counts == [1, 0]


@pytest.mark.parametrize("model", [Symptom, Guide, Cause])
def test_list_takes_the_same_queries_with_one_and_three_flagged_rows(
    model: Any, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = editor()
    set_flag(make_symptom()), set_flag(Guide.objects.get()), set_flag(Cause.objects.get())
    client.get(list_url(model))
    with django_assert_max_num_queries(20) as few:
        client.get(list_url(model))
    for _ in range(2):
        symptom = make_symptom()
        set_flag(symptom), set_flag(symptom.guide), set_flag(symptom.checks.get().cause)
    with django_assert_num_queries(len(few)):
        assert len(client.get(list_url(model)).context["cl"].result_list) == 3


def test_who_may_look_may_flag_and_who_may_change_may_end_it() -> None:
    public, draft = make_symptom(), make_symptom(published=False)
    assert answers(editor(), public, set_flag(public)) == (303, 303)
    assert answers(author(), public, set_flag(public)) == (303, 403)
    assert answers(author(), draft, set_flag(draft)) == (303, 303)
    assert answers(signed_in(agent("view_symptom")), public, set_flag(public)) == (303, 403)


def test_who_may_not_look_neither_flags_nor_ends() -> None:
    cause = make_cause()
    flag = set_flag(cause)
    assert answers(signed_in(agent("view_symptom")), cause, flag) == (403, 403)
    assert answers(without_rights(), cause, flag) == (403, 403)
    assert answers(Client(), cause, flag) == (302, 302)
    assert answers(signed_in(make_user(staff=False)), cause, flag) == (302, 302)
    assert list(Flag.objects.values_list("note", "done_at")) == [("Old picture", None)]


def test_own_flag_can_be_taken_back_without_the_right_to_change() -> None:
    symptom, user = make_symptom(), agent("view_symptom")
    flag = set_flag(symptom, by=user)
    page = signed_in(user).get(url_of(symptom)).content.decode()
    assert done_url(flag) in page
    assert signed_in(user).post(done_url(flag)).status_code == 303
    flag.refresh_from_db()
    assert flag.done_by == user


def test_button_stands_only_where_it_works() -> None:
    symptom = make_symptom()
    flag = set_flag(symptom)
    assert done_url(flag) in editor().get(url_of(symptom)).content.decode()
    page = author().get(url_of(symptom)).content.decode()
    assert done_url(flag) not in page
    assert flag_url(symptom) in page


def test_flag_that_two_people_end_stays_the_first_ones() -> None:
    symptom = make_symptom()
    flag = set_flag(symptom)
    assert editor("First").post(done_url(flag)).status_code == 303
    assert editor("Second").post(done_url(flag)).status_code == 303
    flag.refresh_from_db()
    assert flag.done_by.username == "First"
    assert LogEntry.objects.count() == 1


def test_flag_of_a_deleted_record_is_nowhere_and_cannot_be_ended() -> None:
    cause = make_cause()
    flag = set_flag(cause)
    cause.delete()
    assert editor().post(done_url(flag)).status_code == 404
    assert Flag.objects.count() == 1


@pytest.mark.parametrize("note", ["", "   ", "x" * 501, "a\x00b"])
def test_note_that_cannot_be_is_shown_again(note: str) -> None:
    symptom = make_symptom()
    answer = editor().post(flag_url(symptom), {"note": note})
    assert answer.status_code == 200
    assert answer.context["form"]["note"].value() == note
    assert answer.context["form"].errors
    assert not Flag.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "flags/guides/symptom/0/",
        f"flags/guides/symptom/{'9' * 400}/",
        f"flags/guides/symptom/{'9' * 5000}/",
        "flags/guides/symptom/abc/",
        "flags/guides/check/1/",
        "flags/auth/user/1/",
        "flags/no/thing/1/",
        "flags/feedback/outcome/1/",
        "flags/0/done/",
        f"flags/{'9' * 400}/done/",
    ],
)
def test_address_of_nothing_is_not_found(path: str) -> None:
    make_symptom()
    assert editor().post(f"/admin/{path}", {"note": NOTE}).status_code == 404


def test_looking_changes_nothing() -> None:
    symptom = make_symptom()
    flag = set_flag(symptom)
    assert editor().get(flag_url(symptom)).status_code == 405
    assert editor().get(done_url(flag)).status_code == 405
    assert list(Flag.objects.values_list("done_at")) == [(None,)]


def test_forms_of_another_site_are_refused() -> None:
    symptom = make_symptom()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Editor"))
    assert answers(client, symptom, set_flag(symptom)) == (403, 403)


@pytest.mark.parametrize(
    "given", ["//evil.example/", "https://evil.example/admin/", "/guides/", "/admin/\r\nX: y", "/admin\\@evil", ""]
)
def test_way_back_is_a_page_of_the_admin(given: str) -> None:
    symptom, client = make_symptom(), editor()
    answer = client.post(flag_url(symptom), {"note": "x", "next": given})
    assert answer.headers["Location"] == f"{url_of(symptom)}#flags"
    answer = client.post(flag_url(symptom), {"note": "x", "next": "/admin/work/?person=3"})
    assert answer.headers["Location"] == "/admin/work/?person=3"


def test_form_of_the_record_still_saves_below_the_panel() -> None:
    symptom, client = make_symptom(), editor()
    set_flag(symptom)
    form = opened(client, url_of(symptom)) | {"title": "Renamed"}
    assert client.post(url_of(symptom), form).status_code == 302
    symptom.refresh_from_db()
    assert (symptom.title, Flag.objects.still_open().count()) == ("Renamed", 1)


def test_flag_outlives_the_account_of_who_set_it() -> None:
    symptom, user = make_symptom(), make_user("Author")
    set_flag(symptom, by=user)
    user.delete()
    assert "a former colleague" in editor().get(url_of(symptom)).content.decode()


@pytest.mark.parametrize("broken", [{"note": ""}, {"done": True}])
def test_database_refuses_a_flag_that_cannot_be(broken: dict[str, Any]) -> None:
    flag = set_flag(make_symptom())
    by = make_user()
    values = {"note": ""} if "note" in broken else {"done_by": by, "done_at": None}
    Flag.objects.filter(pk=flag.pk).update(done_by=by, done_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).update(**values)


def test_publish_check_comes_above_the_flags():
    page = editor().get(url_of(make_symptom())).content.decode()
    assert 0 < page.index('id="check-heading') < page.index('id="flags')
