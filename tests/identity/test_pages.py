"""The identity on pages: names and accent of the record, or of the settings; without a query on each page."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.db import DatabaseError
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.identity import current
from helpdesk.identity.memo import IdentityMemo, KnownIdentity
from helpdesk.identity.models import Identity
from tests.accounts.staff_people import editor
from tests.factories import make_identity

pytestmark = pytest.mark.django_db


def styles(response):
    return re.findall(r"<style>(.*?)</style>", response.content.decode())


def test_portal_without_record_looks_as_the_settings_say(client):
    response = client.get("/")
    page = response.content.decode()
    assert "<span>Login help</span>" in page
    assert "Login help by Interactive Brokers" in page
    assert styles(response) == []
    assert "sha256" not in response.headers["Content-Security-Policy"]


def test_names_of_the_record_stand_everywhere(client):
    make_identity(name="Help <& more>", operator="Example")
    page = client.get("/faq/").content.decode()
    assert "– Help &lt;&amp; more&gt;</title>" in page
    assert "Help &lt;&amp; more&gt; by Example" in page
    assert "Help &lt;&amp; more&gt;" in client.get("/feed/").content.decode()
    assert "Help &lt;&amp; more&gt; – Staff" in editor().get("/admin/").content.decode()
    assert "Help &lt;&amp; more&gt;" in client.get("/admin/login/").content.decode()
    assert "Help &lt;&amp; more&gt;" in client.get("/nothing/").content.decode()
    assert "issuer=Help%20%3C%26%20more%3E" in TOTPDevice(user=editor_user(), key="00").config_url


def editor_user():
    from tests.accounts.staff_people import make_user

    return make_user("Author")


def test_empty_fields_leave_it_to_the_settings(client, settings):
    settings.PORTAL_NAME, settings.OPERATOR_NAME = "Another name", "Somebody"
    make_identity(name="", operator="")
    assert "Another name by Somebody" in client.get("/").content.decode()


def test_accent_is_a_style_that_the_policy_allows_and_no_other(client):
    make_identity(accent="#5b2a86")
    for path in ("/", "/nothing/"):
        response = client.get(path)
        (style,) = styles(response)
        assert "--accent:#5b2a86;--on-accent:#ffffff;" in style
        assert style.count("--accent:#cb9cff;") == 2
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}' 'self';" in response.headers["Content-Security-Policy"]


def test_every_change_is_on_the_next_page(client):
    record = make_identity(name="One")
    assert "One by Example" in client.get("/").content.decode()
    record.name = "Two"
    record.save()
    assert "Two by Example" in client.get("/").content.decode()
    Identity.objects.update(name="Three")
    assert "Three by Example" in client.get("/").content.decode()
    Identity.objects.all().delete()
    assert "Login help by Interactive Brokers" in client.get("/").content.decode()


def test_there_is_one_record():
    from django.db import IntegrityError, transaction

    make_identity()
    for values in ({}, {"slug": "second"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_identity(**values)


@pytest.mark.parametrize("color", ["#12345", "red", "#0a4d;}"])
def test_broken_color_in_the_database_changes_no_page(client, color):
    make_identity(accent=color)
    assert styles(client.get("/")) == []


def test_memo_is_read_again_for_each_version_and_after_a_second(monkeypatch):
    monkeypatch.setattr(IdentityMemo, "SECONDS", 60)
    memo, readings = IdentityMemo(), []

    def load():
        readings.append(KnownIdentity(name=str(len(readings))))
        return readings[-1]

    assert [memo.read(load).name, memo.read(load).name] == ["0", "0"]
    assert [memo.read(load, version).name for version in ("a", "a", "b", None, "b")] == ["1", "1", "2", "2", "2"]
    monkeypatch.setattr(IdentityMemo, "SECONDS", 0)
    assert [memo.read(load, "b").name, memo.read(load).name] == ["2", "3"]
    memo.forget()
    assert (memo.last().name, memo.read(load).name) == ("3", "4")


def test_page_is_shown_under_the_last_identity_while_the_database_is_away(monkeypatch):
    make_identity(name="Known")
    assert current.portal_name() == "Known"
    current.memo.forget()

    def fail():
        raise DatabaseError

    monkeypatch.setattr(current, "load_identity", fail)
    assert current.portal_name() == "Known"


def test_page_costs_no_query_for_an_identity_that_is_known(client, django_assert_num_queries):
    with django_assert_num_queries(5):
        client.get("/")
    make_identity(accent="#5b2a86")
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(5):
        client.get("/")


def form(**values):
    return {"name": "", "operator": "", "accent": "", **values}


def test_editor_makes_the_record_and_sees_the_color_in_both_themes():
    client = editor()
    answer = client.post(
        "/admin/identity/identity/add/", form(name="Mine", accent="#5B2A86", _continue="1"), follow=True
    )
    page = answer.content.decode()
    assert "Light theme: #5b2a86, contrast at least 9.1:1" in page
    assert "Dark theme: #cb9cff, contrast at least 7.3:1" in page
    assert client.get("/admin/identity/identity/add/").status_code == 403
    assert "Mine by Interactive Brokers" in Client().get("/").content.decode()


@pytest.mark.parametrize(
    ("color", "reason"),
    [
        ("#ffe600", "#ffe600 has a contrast of 1.2:1 on white (#ffffff). Choose a darker color"),
        ("blue", "Enter a color as # and six digits, such as #0a4d86."),
    ],
)
def test_color_that_nobody_can_read_is_refused_with_the_reason(color, reason):
    page = editor().post("/admin/identity/identity/add/", form(accent=color)).content.decode()
    assert reason in page
    assert not Identity.objects.exists()
