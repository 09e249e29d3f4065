"""Each trouble of a deployment is found and named with a hint; what is in order is not reported."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import ERROR, INFO, WARNING, CheckMessage
from django.core.checks import Warning as CheckWarning
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.guides.models import Guide
from helpdesk.operations.backup import backup_file
from helpdesk.operations.diagnostics import Section, database_checks, deployment_checks, examine, machine_checks
from helpdesk.operations.diagnostics.registry import Check, diagnostic, django_messages, registered
from helpdesk.search import index
from tests.factories import make_guide, make_symptom

ALL = {check.__name__: check for check in registered}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(tmp_path: Path) -> Iterator[Path]:
    """A folder as the portal makes it."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o750)
    (folder / "secret_key").touch(0o600)
    (folder / "backups").mkdir(mode=0o700)
    with override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media", BACKUP_DIR=folder / "backups"):
        yield folder


def backup_of(age: timedelta) -> Callable[[Path], Any]:
    def make(data: Path) -> None:
        (data / "backups" / backup_file.name_for(datetime.now(UTC) - age, "sqlite")).touch()

    return make


def person(**fields: Any) -> Callable[[Path], Any]:
    return lambda data: get_user_model().objects.create_user("admin", password="x", is_staff=True, **fields)


def trigger_gone(data: Path) -> None:
    on = " ON guides_guide" if connection.vendor == "postgresql" else "_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER pagecache_guides_guide{on}")


def version_gone(data: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pagecache_contentversion")


def page_of_tomorrow(data: Path) -> None:
    make_guide(published=True)
    Guide.objects.update(updated_at=timezone.now() + timedelta(days=1))


def index_behind(data: Path) -> None:
    symptom = make_symptom()
    index.catch_up()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_searchdocument WHERE number = %s", [symptom.number])


def migration_missing(data: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(name) FROM django_migrations WHERE app = 'links'")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'links' AND name = %s", cursor.fetchone())


def nothing(data: Path) -> None:
    """The settings alone are the trouble."""


REDIS_GONE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}

# The check, the trouble, the settings with it, what is said of it.
TROUBLES: list[tuple[Check, Callable[[Path], Any], dict[str, Any], int, str]] = [
    (database_checks.migrations, migration_missing, {}, ERROR, "1 not applied"),
    (database_checks.durability, nothing, {}, ERROR, "may lose acknowledged posts in a power cut"),
    (database_checks.durability, nothing, {"DATABASE_MAY_FORGET": True}, WARNING, "allowed to forget"),
    (
        database_checks.database_triggers,
        trigger_gone,
        {},
        ERROR,
        "1 trigger is missing in the database: pagecache_guides_guide",
    ),
    (database_checks.content_version, version_gone, {}, ERROR, "no page is kept"),
    (database_checks.search_index, index_behind, {}, ERROR, "has no document"),
    (database_checks.cache_answers, nothing, {"CACHES": REDIS_GONE}, ERROR, "Redis doesn't answer (ConnectionError)"),
    (deployment_checks.second_factors, person(), {}, WARNING, "1 member of staff can log in with a password"),
    (deployment_checks.first_account, person(), {}, WARNING, "Nobody has logged in as “admin” yet"),
    (machine_checks.clock, page_of_tomorrow, {}, ERROR, "the clock was set back"),
    (deployment_checks.debug_mode, nothing, {"DEBUG": True}, ERROR, "shows everybody what went wrong"),
    (
        deployment_checks.secret_key,
        lambda data: (data / "secret_key").chmod(0o640),
        {},
        ERROR,
        "Others may read the secret key",
    ),
    (deployment_checks.public_url, nothing, {}, WARNING, "PUBLIC_URL isn't set"),
    (
        deployment_checks.public_url,
        nothing,
        {"PUBLIC_URL": "http://help.example.com"},
        ERROR,
        "passwords of staff go over the network as they are",
    ),
    (deployment_checks.allowed_hosts, nothing, {"ALLOWED_HOSTS": ["*"]}, ERROR, "answers to every name"),
    (deployment_checks.reverse_proxy, nothing, {"HOST": "0.0.0.0"}, WARNING, "without a proxy in front"),
    (
        deployment_checks.reverse_proxy,
        nothing,
        {"HOST": "0.0.0.0", "TRUSTED_PROXIES": 1},
        WARNING,
        "can forge where they come from",
    ),
    (deployment_checks.security_contact, nothing, {}, WARNING, "no contact for reporting"),
    (deployment_checks.backup_age, nothing, {}, ERROR, "There is no backup"),
    (deployment_checks.backup_age, backup_of(timedelta(hours=30)), {}, WARNING, "1 backup, 30 hours old"),
    (deployment_checks.backup_age, backup_of(timedelta(days=9)), {}, ERROR, "216 hours old"),
    (deployment_checks.backup_location, nothing, {}, WARNING, "on the same disk"),
    (machine_checks.private_files, lambda data: data.chmod(0o755), {}, ERROR, "Everybody on this machine may read"),
    (machine_checks.memory, nothing, {"WEB_CONCURRENCY": 128, "PAGE_CACHE_MB": 65_536}, WARNING, "128 processes may"),
    (machine_checks.static_files, nothing, {}, WARNING, "aren't those of this version"),
]


@pytest.mark.parametrize(
    ("check", "make", "changed", "level", "text"),
    TROUBLES,
    ids=[f"{check.__name__}-{number}" for number, (check, *_) in enumerate(TROUBLES)],
)
def test_trouble_is_named_with_what_to_do(
    data: Path, check: Check, make: Callable[[Path], Any], changed: dict[str, Any], level: int, text: str
) -> None:
    with override_settings(**changed):
        make(data)
        finding = check()

    assert (finding.level, text in finding.msg) == (level, True), finding
    assert finding.hint


def test_what_is_in_order_is_not_complained_of(data: Path, first_content: None, settings: Any) -> None:
    backup_of(timedelta(hours=3))(data)
    index.catch_up()
    anna = get_user_model().objects.create_user("anna", password="x", is_staff=True, last_login=timezone.now())
    TOTPDevice.objects.create(user=anna, confirmed=True)
    good_settings = {
        "PUBLIC_URL": "https://help.example.com",
        "TRUSTED_PROXIES": 1,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 1_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURITY_CONTACT": "mailto:security@example.com",
        "SILENCED_SYSTEM_CHECKS": [*settings.SILENCED_SYSTEM_CHECKS, "async.E001"],  # the browser tests need it
    }
    with override_settings(**good_settings):
        found = {name: check() for name, check in ALL.items()}

    complained = {name for name, finding in found.items() if finding.level != INFO}
    # These are of the machine the tests run on: its user, its disk, its clock, its careless databases.
    of_here = {
        "unprivileged_user",
        "backup_location",
        "clock",
        "durability",
        "static_files",
        "disk_space",
    }
    assert {name: found[name] for name in complained - of_here} == {}
    assert all(not finding.hint for finding in found.values() if finding.level == INFO)


def test_every_check_has_a_trouble_that_shows_it(data: Path) -> None:
    shown = {check.__name__ for check, *_ in TROUBLES}
    # Found where they happen: below, or by what is asked of the machine itself.
    elsewhere = {
        "database_answers",
        "integrity",
        "connection_limit",
        "writable_directories",
        "unprivileged_user",
        "disk_space",
    }
    assert set(ALL) - shown == elsewhere | {"open_files", "local_database"}


def test_database_that_does_not_answer_is_said_and_the_rest_is_looked_at(monkeypatch: Any) -> None:
    def broken(*arguments: Any, **named: Any) -> None:
        raise OperationalError("connection refused\nby somebody")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    found = list(examine())

    heading, first = found[0]
    assert (heading, first.msg) == ("Database", "The database doesn't answer: connection refused.")
    assert {heading for heading, _ in found} == {"Database", "Settings", "Backups", "Machine", "Django"}


def test_connections_are_counted_on_postgresql(settings: Any) -> None:
    settings.WEB_CONCURRENCY, settings.DATABASE_POOL = 100, 100
    finding = database_checks.connection_limit()

    if connection.vendor == "postgresql":
        assert (finding.level, "10000 connections" in finding.msg) == (ERROR, True)
    else:
        assert finding.level == INFO


def test_damaged_rows_are_found_on_sqlite(transactional_db: None) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL lets nobody write such a row
        return
    make_symptom()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("UPDATE guides_symptom SET guide_id = 4711")
        finding = database_checks.integrity()
        cursor.execute("DELETE FROM guides_symptom")
        cursor.execute("PRAGMA foreign_keys = ON")

    assert (finding.level, finding.msg) == (
        ERROR,
        "The database is damaged: 1 row without the row it belongs to.",
    )


def test_file_systems_are_told_apart(tmp_path: Path) -> None:
    assert machine_checks.file_system_of(Path("/proc/self")) == "proc"
    assert machine_checks.file_system_of(tmp_path) not in ("", "proc")


def test_backups_elsewhere_have_to_be_private_too(data: Path, tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DIR = tmp_path / "elsewhere"
    settings.BACKUP_DIR.mkdir()
    settings.BACKUP_DIR.chmod(0o755)

    finding = machine_checks.private_files()

    assert (finding.level, finding.msg, finding.hint) == (
        ERROR,
        f"Everybody on this machine may read {settings.BACKUP_DIR}.",
        f"chmod o-rwx {settings.BACKUP_DIR}",
    )


def test_full_disk_is_named(monkeypatch: Any) -> None:
    usage = type("Usage", (), {"free": 50_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert machine_checks.disk_space().level == ERROR
    usage.free = 1_000_000_000
    assert machine_checks.disk_space().level == WARNING


def test_command_says_all_and_ends_with_one_where_something_is_wrong(data: Path, first_content: None) -> None:
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^\d+ checks: [1-9]\d* errors?, \d+ warnings?, \d+ ok\.$"):
        call_command("doctor", stdout=said, no_color=True)

    text = said.getvalue()
    assert "\nBackups\n  error   There is no backup in " in text
    assert "\n          → Run `manage.py backup` every day" in text
    assert len(text.splitlines()) > len(ALL)


def test_quick_look_reads_no_content(first_content: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        quick = list(examine(quick=True))

    assert {message.id for heading, message in quick if heading != "Django"} == {
        f"portal.{name}" for name in ALL.keys() - {"integrity", "search_index"}
    }


def test_database_that_is_only_old_is_examined_as_any_other(monkeypatch: Any) -> None:
    monkeypatch.setattr(registry, "deployment_checks", {*registry.deployment_checks})

    @diagnostic(Section.DATABASE)
    def old_database() -> CheckMessage:
        return CheckWarning("PostgreSQL 13 is old.", hint="Plan for a newer one.")

    registered.remove(old_database)
    found = list(examine(quick=True))

    assert (found[0][0], found[0][1].level, found[0][1].id) == ("Database", WARNING, "portal.old_database")
    assert {"Stored data", "Staff", "Clock"} <= {heading for heading, _ in found}


def test_warnings_of_django_are_reported_beside_the_portals(settings: Any) -> None:
    settings.SECRET_KEY = "short"
    messages = django_messages()
    assert "SECRET_KEY" in " ".join(message.msg for message in messages)
    assert not any(str(message.id).startswith("portal.") for message in messages)


def test_silenced_warning_is_not_reported(data: Path, settings: Any) -> None:
    assert "portal.security_contact" in {message.id for _, message in examine(quick=True)}
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "portal.security_contact"]
    assert "portal.security_contact" not in {message.id for _, message in examine(quick=True)}
