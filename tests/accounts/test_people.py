"""Operations of Administrators on the accounts of others, and their limits whatever is sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.accounts.admin.log import LoggedChangeAdmin
from helpdesk.accounts.models import Account, FailedSignIns, LoggedChange, StaffEvent
from helpdesk.contentadmin.publishing_actions import PUBLISHED
from helpdesk.history.reasons import Reason
from helpdesk.permissions import roles
from helpdesk.permissions.actor import acting_as
from helpdesk.redirects.admin import ADDRESS_ENDED
from tests.accounts.conftest import PASSWORD, give_factor, is_in, make_person, sign_in
from tests.accounts.staff_people import make_user, signed_in
from tests.contentadmin.forms import add_url, list_url, messages_of, opened, save, url_of
from tests.factories import make_guide

pytestmark = pytest.mark.django_db

NEW = "other words in another row"


@pytest.fixture
def boss() -> Client:
    return signed_in(make_user("Administrator", name="boss"))


def powers(user: User) -> tuple[Any, ...]:
    user = User.objects.get(pk=user.pk)
    return user.is_superuser, user.is_staff, user.is_active, roles.role_of(user), user.user_permissions.count()


def make_new(boss: Client, **values: str) -> Any:
    form = {"username": "carla", "first_name": "Carla", "last_name": "", "email": "", "role": "Author"}
    return boss.post(add_url(User), form | values)


def test_new_person_gets_a_password_shown_once_and_sets_his_own(boss: Client) -> None:
    page = make_new(boss)
    found = re.search(r"<code[^>]*>(\w{4}-\w{4}-\w{4}-\w{4})</code>", page.content.decode())
    assert found
    assert "no-store" in page.headers["Cache-Control"]
    carla = User.objects.get(username="carla")
    assert powers(carla) == (False, True, True, "Author", 0)
    assert found[1] not in boss.get(url_of(carla)).content.decode()

    client = Client()
    assert sign_in(client, "carla", found[1]).status_code == 302
    assert client.get("/admin/").headers["Location"] == "/admin/password_change/"
    assert client.get("/admin/preview/").headers["Location"] == "/admin/password_change/"
    assert "Replace the password you were given" in client.get("/admin/password_change/").content.decode()
    form = {"old_password": found[1], "new_password1": NEW, "new_password2": NEW}
    same = form | {"new_password1": found[1], "new_password2": found[1]}
    assert client.post("/admin/password_change/", same).status_code == 200
    assert client.post("/admin/password_change/", form).status_code == 302
    assert is_in(client)
    assert sign_in(Client(), "carla", found[1]).status_code == 200
    assert list(StaffEvent.objects.filter(user=carla).order_by("pk").values_list("kind", "by__username")) == [
        ("role-changed", "boss"),
        ("password-given", "boss"),
        ("signed-in", None),
        ("password-changed", None),
        ("sign-in-failed", None),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"role": ""},
        {"role": "Superuser"},
        {"role": "Bishop"},
        {"username": ""},
        {"username": "BOSS"},
        {"username": "a b<script>"},
        {"email": "nowhere"},
    ],
)
def test_account_that_cannot_be_is_not_made(values: dict[str, str], boss: Client) -> None:
    response = make_new(boss, **values)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors
    assert not User.objects.filter(username="carla").exists()


def test_fields_that_are_not_in_the_form_change_nothing(boss: Client) -> None:
    make_new(boss, is_superuser="on", groups="1", user_permissions="1", is_staff="", password="x", is_active="")
    assert powers(User.objects.get(username="carla")) == (False, True, True, "Author", 0)
    anna = make_person()
    save(boss, anna, is_superuser="on", user_permissions="1", password="x", role="Agent")
    assert powers(anna) == (False, True, True, "Agent", 0)
    assert User.objects.get(pk=anna.pk).check_password(PASSWORD)


def test_role_is_changed_and_groups_of_the_operators_own_stay(boss: Client) -> None:
    anna, own = make_person(role="Author"), Group.objects.create(name="Night shift")
    anna.groups.add(own)
    assert save(boss, anna, role="Editor").status_code == 302
    assert sorted(anna.groups.values_list("name", flat=True)) == ["Editor", "Night shift"]
    assert StaffEvent.objects.get(kind="role-changed").detail == "Author → Editor"


def test_account_is_closed_and_opened(boss: Client) -> None:
    anna = make_person()
    client = signed_in(anna)
    form = opened(boss, url_of(anna))
    form.pop("is_active")
    assert save(boss, anna, form).status_code == 302
    assert (is_in(client), sign_in(Client()).status_code) == (False, 200)
    assert save(boss, anna, is_active="on").status_code == 302
    # The session that was open when it was closed does not come back to life.
    assert (is_in(client), sign_in(Client()).status_code) == (False, 302)
    assert list(StaffEvent.objects.filter(by__username="boss").order_by("pk").values_list("kind", flat=True)) == [
        "deactivated",
        "activated",
    ]


def do(client: Client, person: User, what: str) -> Any:
    return client.post(f"/admin/auth/user/{person.pk}/sign-in/", {"do": what})


def test_administrator_helps_who_lost_password_and_telephone(boss: Client) -> None:
    anna = make_person()
    give_factor(anna)
    client = signed_in(anna)
    page = do(boss, anna, "new-password")
    found = re.search(r"<code[^>]*>(\w{4}-\w{4}-\w{4}-\w{4})</code>", page.content.decode())
    assert found
    assert not is_in(client)
    assert do(boss, anna, "reset-factor").status_code == 302
    assert TOTPDevice.objects.count() == 0
    fresh = Client()
    assert sign_in(fresh, password=found[1]).status_code == 302
    assert do(boss, anna, "end-sessions").status_code == 302
    assert fresh.get("/admin/password_change/").status_code == 302
    assert do(boss, anna, "burn").status_code == 302


@pytest.mark.parametrize("what", ["new-password", "reset-factor", "end-sessions"])
def test_administrator_touches_neither_superusers_nor_himself(what: str, boss: Client) -> None:
    root, me = make_person("root", "", is_superuser=True), User.objects.get(username="boss")
    give_factor(root)
    assert (do(boss, root, what).status_code, do(boss, me, what).status_code) == (403, 403)
    assert TOTPDevice.objects.count() == 1
    assert User.objects.get(pk=root.pk).check_password(PASSWORD)
    assert boss.get(url_of(root)).status_code == 200
    assert boss.post(url_of(root), {"username": "root", "role": "Agent"}).status_code == 403


def test_nobody_changes_his_own_role(boss: Client) -> None:
    me = User.objects.get(username="boss")
    form = opened(boss, url_of(me)) | {"first_name": "Bo", "role": "Agent"}
    form.pop("is_active", None)
    assert boss.post(url_of(me), form).status_code == 302
    me.refresh_from_db()
    assert (me.first_name, powers(me)) == ("Bo", (False, True, True, "Administrator", 0))


def test_superuser_makes_superusers_and_takes_it_back() -> None:
    root, anna = signed_in(make_user(superuser=True)), make_person()
    save(root, anna, role="Superuser")
    assert powers(anna) == (True, True, True, "Superuser", 0)
    save(root, anna, role="Editor")
    assert powers(anna) == (False, True, True, "Editor", 0)


def refused(user: Any, write: Any) -> bool:
    with transaction.atomic():
        try:
            with acting_as(user):
                write()
            return False
        except PermissionDenied:
            return True
        finally:
            transaction.set_rollback(True)


def test_guard_at_the_model_holds_whatever_page_asks() -> None:
    boss, editor = make_user("Administrator"), make_user("Editor")
    root, anna = make_user(superuser=True), make_person()
    own = Group.objects.create(name="Everything")

    def write(user: User, **values: Any) -> Any:
        def run() -> None:
            stored = User.objects.get(pk=user.pk)
            stored.__dict__.update(values)
            stored.save()

        return run

    assert [refused(who, write(anna, last_name="x")) for who in (boss, editor, anna)] == [False, True, False]
    assert [refused(who, write(anna, is_superuser=True)) for who in (boss, editor, anna)] == [True, True, True]
    assert refused(boss, write(boss, is_superuser=True))
    assert refused(boss, write(root, last_name="x"))
    assert refused(boss, write(root, is_superuser=False))
    assert refused(anna, write(anna, is_active=False))
    assert refused(boss, lambda: User.objects.create_user("new", is_superuser=True))
    assert not refused(boss, lambda: User.objects.create_user("new"))
    assert refused(editor, lambda: User.objects.create_user("new"))
    assert refused(boss, lambda: boss.groups.add(own))
    assert refused(boss, lambda: anna.groups.add(own))
    assert refused(boss, lambda: own.user_set.add(boss))
    assert refused(boss, lambda: root.groups.clear())
    assert not refused(boss, lambda: anna.groups.set(Group.objects.filter(name="Author")))
    assert refused(boss, lambda: boss.user_permissions.add(Permission.objects.all()[0]))
    assert refused(boss, lambda: own.permissions.add(Permission.objects.all()[0]))
    assert refused(boss, lambda: own.delete())
    assert [refused(who, lambda: anna.delete()) for who in (boss, root)] == [True, True]
    assert not refused(root, write(anna, is_superuser=True))


def test_list_of_people_takes_a_fixed_number_of_queries(boss: Client, django_assert_num_queries: Any) -> None:
    def look() -> None:
        assert boss.get(list_url(User)).status_code == 200

    look()
    for queries in (10, 10):
        with django_assert_num_queries(queries):
            look()
        give_factor(make_person(f"one-more-{queries}-{User.objects.count()}"))
        make_person(f"two-more-{User.objects.count()}", role="Agent")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (ADDRESS_ENDED.to_json(path="/old/"), "Ended: /old/"),
        (PUBLISHED.to_json(moment=datetime(2026, 3, 3, 10, tzinfo=UTC)), "Published since March 3, 2026, 10:00 AM"),
        (Reason.RESTORED.of("2026-03-03T10:00:00+00:00"), "Restored from March 3, 2026, 10:00 AM"),
        ("Ended: /old/", "Ended: /old/"),  # a row from before the codes
    ],
)
def test_logged_change_is_put_into_words_when_it_is_shown(stored: str, shown: str) -> None:
    change = LoggedChange(action_flag=CHANGE, change_message=stored)
    assert LoggedChangeAdmin(LoggedChange, admin.site).what(change) == shown


@pytest.mark.parametrize("model", [StaffEvent, LoggedChange])
def test_log_takes_a_fixed_number_of_queries(model: Any, boss: Client, django_assert_max_num_queries: Any) -> None:
    counts = []
    for _ in (1, 3):
        anna = make_person(f"anna-{User.objects.count()}")
        guide = make_guide()
        editor = signed_in(anna)
        save(editor, guide, title="New")
        boss.get(list_url(model))
        with django_assert_max_num_queries(20) as captured:
            page = boss.get(list_url(model))
        counts.append(len(captured))
        assert "anna" in page.content.decode()
    assert counts[0] == counts[1]


def test_log_says_who_changed_what_and_is_found_by_person_and_day(boss: Client) -> None:
    anna, guide = make_person(first_name="Anna", last_name="Lee"), make_guide(title="<b>Guide</b>")
    save(signed_in(anna), guide, introduction="New")
    make_user()
    row = LoggedChange.objects.get()
    day = f"action_time__year={row.action_time.year}&action_time__month={row.action_time.month}"
    page = boss.get(f"{list_url(LoggedChange)}?person={anna.pk}&{day}&action_time__day={row.action_time.day}")
    text = page.content.decode()
    assert [entry.pk for entry in page.context["cl"].result_list] == [row.pk]
    assert "Anna Lee" in text
    assert f'<a href="{url_of(guide)}">&lt;b&gt;Guide&lt;/b&gt;</a>' in text
    assert list(boss.get(f"{list_url(LoggedChange)}?person=999").context["cl"].result_list) == []
    for hostile in ("x", "9" * 400, "١", "%00"):
        assert boss.get(f"{list_url(LoggedChange)}?person={hostile}").status_code == 200
        assert boss.get(f"{list_url(StaffEvent)}?person={hostile}").status_code == 200


def test_nobody_deletes_from_the_log() -> None:
    root = signed_in(make_user(superuser=True))
    event, guide = StaffEvent.objects.create(kind="signed-in"), make_guide()
    save(root, guide, introduction="New")
    change = LoggedChange.objects.get()
    for record in (event, change):
        chosen = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
        root.post(list_url(type(record)), chosen)
        assert root.post(url_of(record, "delete"), {"post": "yes"}).status_code == 403
        assert root.post(url_of(record), {"kind": "signed-out"}).status_code == 403
    assert StaffEvent.objects.filter(pk=event.pk, kind="signed-in").exists()
    assert LoggedChange.objects.filter(pk=change.pk).exists()


def test_administrator_ends_a_lock_out(boss: Client) -> None:
    anna = make_person()
    for _ in range(5):
        sign_in(Client(), password="wrong")
    page = boss.get(list_url(FailedSignIns))
    assert "192.0.2.1" in page.content.decode()
    chosen = {"action": "end_lock_out", "_selected_action": [FailedSignIns.objects.get().pk]}
    response = boss.post(list_url(FailedSignIns), chosen, follow=True)
    assert messages_of(response) == ["1 lockout ended."]
    assert sign_in(Client()).status_code == 302
    event = StaffEvent.objects.get(kind="lock-out-ended")
    assert (event.user, event.by and event.by.username) == (anna, "boss")


def test_operator_resets_the_second_factor_of_the_last_superuser(capsys: Any) -> None:
    root = make_person("root", "", is_superuser=True)
    give_factor(root)
    client = signed_in(root)
    call_command("reset_second_factor", "root")
    assert (
        capsys.readouterr().out
        == "Two-factor authentication of “root” was reset. All sessions of this account have ended.\n"
    )
    assert (TOTPDevice.objects.count(), is_in(client)) == (0, False)
    assert StaffEvent.objects.get(kind="factor-reset").user == root
    call_command("reset_second_factor", "root")
    assert capsys.readouterr().out == "“root” doesn't use two-factor authentication.\n"
    with pytest.raises(Exception, match=r"There is no account “nobody”\."):
        call_command("reset_second_factor", "nobody")


def test_account_that_is_not_stored_asks_for_nothing() -> None:
    assert not Account.objects.exists()
    assert is_in(signed_in(make_person()))
