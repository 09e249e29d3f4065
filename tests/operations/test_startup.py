from __future__ import annotations

import socket

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from helpdesk.environment import WrongSetting
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Cause, Check, ContactPoint, Guide, Resolution, Symptom
from helpdesk.history.reasons import Reason
from helpdesk.operations import startup
from tests.factories import make_contact_point


@pytest.fixture
def busy_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_busy_port_is_refused_with_the_way_out(busy_port):
    with pytest.raises(WrongSetting) as refusal:
        startup.refuse_busy_port("127.0.0.1", busy_port)
    assert str(refusal.value) == (
        f"Port {busy_port} is in use. Stop the other program or choose another port: PORT={busy_port + 1} make run"
    )


def test_port_is_free_again_right_after_its_server_has_gone(busy_port):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()
    client.close()
    startup.refuse_busy_port("127.0.0.1", port)


def test_address_of_another_machine_is_refused():
    with pytest.raises(WrongSetting) as refusal:
        startup.refuse_busy_port("192.0.2.1", 8000)
    assert str(refusal.value) == "HOST: this machine can't listen on 192.0.2.1 (Cannot assign requested address)."


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("192.168.1.9", "http://192.168.1.9:8000/"),
        ("::1", "http://[::1]:8000/"),
    ],
)
def test_address_is_one_that_a_browser_here_can_open(host, expected):
    assert startup.address(host, 8000) == expected


def test_first_content_fills_an_empty_portal(db):
    assert startup.load_first_content() == "2 guides, 22 situations, 14 FAQ entries"
    assert Symptom.objects.published().count() == 22


def test_first_content_has_a_history_from_its_first_day(db):
    startup.load_first_content()
    for model in (ContactPoint, Resolution, Cause, Guide, Symptom, Check, FaqEntry):
        rows = set(model.history.values_list(model._meta.pk.attname, "history_type", "history_change_reason"))
        assert rows == {(pk, "+", Reason.FIRST_CONTENT) for pk in model.objects.values_list("pk", flat=True)}
        assert model.history.count() == model.objects.count()


def test_history_of_the_first_content_knows_the_related_symptoms(db):
    startup.load_first_content()
    related = {entry.pk: entry.related_symptoms.count() for entry in FaqEntry.objects.all()}
    assert any(related.values())
    assert {row.id: row.related_symptoms.count() for row in FaqEntry.history.all()} == related


def test_what_staff_changed_outlives_a_second_load(first_content):
    Guide.objects.filter(number=1001).update(title="Another title")
    Symptom.objects.filter(leads_to=None).first().delete()
    assert startup.load_first_content() is None
    assert Guide.objects.get(number=1001).title == "Another title"
    assert Symptom.objects.count() == 21


def test_portal_that_staff_began_with_content_of_their_own_is_left_alone(db):
    make_contact_point()
    assert startup.load_first_content() is None
    assert not Guide.objects.exists()


def test_portal_that_staff_emptied_stays_empty(first_content):
    for model in (Check, FaqEntry, Symptom, Guide, Cause, Resolution, ContactPoint):
        model.objects.all().delete()
    assert startup.load_first_content() is None


def test_command_says_what_was_loaded(db, capsys):
    call_command("load_first_content")
    call_command("load_first_content")
    assert capsys.readouterr().out == (
        "Loaded the first content: 2 guides, 22 situations, 14 FAQ entries.\n"
        "The portal already has content. Nothing was loaded.\n"
    )


def test_first_account_is_made_once(db):
    password = startup.create_first_account()
    account = get_user_model().objects.get()
    assert (account.username, account.is_superuser, account.check_password(password)) == ("admin", True, True)
    assert len(password) >= 20
    assert startup.create_first_account() is None


def test_no_account_is_made_beside_others(db):
    get_user_model().objects.create_user("somebody")
    assert startup.create_first_account() is None


def test_static_files_are_collected_again_only_when_they_changed(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_DIRS = [source]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    startup.collect_static_files()
    first = (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns
    assert list((tmp_path / "static").glob("a.*.css"))

    startup.collect_static_files()
    assert (tmp_path / "static" / "staticfiles.json").stat().st_mtime_ns == first

    (source / "a.css").write_text("a { color: red }")
    startup.collect_static_files()
    assert len(list((tmp_path / "static").glob("a.*.css"))) == 2


def test_static_files_are_collected_again_when_they_were_removed(settings, tmp_path):
    settings.DATA_DIR, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    settings.STATICFILES_FINDERS = []
    (tmp_path / "static_files").write_text(startup._static_files_hash())
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    startup.collect_static_files()
    assert (tmp_path / "static" / "staticfiles.json").exists()
