"""Each trouble of a deployment is found and named, with what to do; what is in order is not complained of."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from helpdesk.guides.models import Guide
from helpdesk.operations.backup import archive
from helpdesk.operations.diagnostics import database, deployment, machine, runner
from helpdesk.operations.diagnostics.finding import Check, Level, look
from helpdesk.operations.diagnostics.runner import DATABASE, PARTS, WITHOUT_DATABASE, examine
from helpdesk.search import index
from tests.factories import make_guide, make_symptom

ALL = {check.__name__: check for part in (DATABASE, *PARTS, *WITHOUT_DATABASE) for check in (*part.checks, *part.long)}

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
        (data / "backups" / archive.name_for(datetime.now(UTC) - age, "sqlite")).touch()

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
        cursor.execute("DELETE FROM django_migrations WHERE app = 'links' AND name LIKE '0003%%'")


def nothing(data: Path) -> None:
    """The settings alone are the trouble."""


REDIS_GONE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}

# The check, the trouble, the settings with it, what is said of it.
TROUBLES: list[tuple[Check, Callable[[Path], Any], dict[str, Any], Level, str]] = [
    (database.is_migrated, migration_missing, {}, Level.WRONG, "1 not applied"),
    (database.keeps_what_it_acknowledged, nothing, {}, Level.WRONG, "may lose acknowledged posts in a power cut"),
    (database.keeps_what_it_acknowledged, nothing, {"DATABASE_MAY_FORGET": True}, Level.LOOK, "allowed to forget"),
    (database.has_all_triggers, trigger_gone, {}, Level.WRONG, "1 trigger not in the database: pagecache_guides_guide"),
    (database.knows_its_version, version_gone, {}, Level.WRONG, "no page is kept"),
    (database.search_is_in_step, index_behind, {}, Level.WRONG, "has no document"),
    (database.cache_answers, nothing, {"CACHES": REDIS_GONE}, Level.WRONG, "Redis does not answer (ConnectionError)"),
    (deployment.staff_have_second_factors, person(), {}, Level.LOOK, "1 member of staff can sign in with a password"),
    (deployment.first_account_was_used, person(), {}, Level.LOOK, "Nobody has signed in as “admin” yet"),
    (machine.clock_is_right, page_of_tomorrow, {}, Level.WRONG, "the clock was set back"),
    (deployment.debug_is_off, nothing, {"DEBUG": True}, Level.WRONG, "shows everybody what went wrong"),
    (
        deployment.key_is_secret,
        lambda data: (data / "secret_key").chmod(0o640),
        {},
        Level.WRONG,
        "Others may read the secret key",
    ),
    (deployment.has_public_address, nothing, {}, Level.LOOK, "PUBLIC_URL is not set"),
    (
        deployment.has_public_address,
        nothing,
        {"PUBLIC_URL": "http://help.example.com"},
        Level.WRONG,
        "passwords of staff go over the network as they are",
    ),
    (deployment.hosts_are_named, nothing, {"ALLOWED_HOSTS": ["*"]}, Level.WRONG, "answers to every name"),
    (deployment.stands_behind_a_proxy, nothing, {"HOST": "0.0.0.0"}, Level.LOOK, "without a proxy in front"),
    (
        deployment.stands_behind_a_proxy,
        nothing,
        {"HOST": "0.0.0.0", "TRUSTED_PROXIES": 1},
        Level.LOOK,
        "can forge where he comes from",
    ),
    (deployment.django_is_content, nothing, {"SECRET_KEY": "short"}, Level.LOOK, "SECRET_KEY"),
    (deployment.weaknesses_can_be_reported, nothing, {}, Level.LOOK, "Nobody is named"),
    (deployment.has_a_fresh_backup, nothing, {}, Level.WRONG, "There is no backup"),
    (deployment.has_a_fresh_backup, backup_of(timedelta(hours=30)), {}, Level.LOOK, "1 backup is 30 hours old"),
    (deployment.has_a_fresh_backup, backup_of(timedelta(days=9)), {}, Level.WRONG, "216 hours old"),
    (deployment.backups_are_elsewhere, nothing, {}, Level.LOOK, "on the same disk"),
    (machine.data_is_private, lambda data: data.chmod(0o755), {}, Level.WRONG, "Everybody on this machine may read"),
    (machine.has_memory, nothing, {"WEB_CONCURRENCY": 128, "PAGE_CACHE_MB": 65_536}, Level.LOOK, "128 processes may"),
    (machine.static_files_are_ready, nothing, {}, Level.LOOK, "not as this version has them"),
]


@pytest.mark.parametrize(
    ("check", "make", "changed", "level", "text"),
    TROUBLES,
    ids=[f"{check.__name__}-{number}" for number, (check, *_) in enumerate(TROUBLES)],
)
def test_trouble_is_named_with_what_to_do(
    data: Path, check: Check, make: Callable[[Path], Any], changed: dict[str, Any], level: Level, text: str
) -> None:
    with override_settings(**changed):
        make(data)
        finding = check()

    assert (finding.level, text in finding.text) == (level, True), finding
    assert finding.mend


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

    complained = {name for name, finding in found.items() if finding.level is not Level.GOOD}
    # These are of the machine the tests run on: its user, its disk, its clock, its careless databases.
    of_here = {
        "is_not_root",
        "backups_are_elsewhere",
        "clock_is_right",
        "keeps_what_it_acknowledged",
        "static_files_are_ready",
        "has_room",
    }
    assert {name: found[name] for name in complained - of_here} == {}
    assert all(not finding.mend for finding in found.values() if finding.level is Level.GOOD)


def test_every_check_has_a_trouble_that_shows_it(data: Path) -> None:
    shown = {check.__name__ for check, *_ in TROUBLES}
    # Found where they happen: below, or by what is asked of the machine itself.
    elsewhere = {"answers", "is_whole", "has_connections_enough", "can_write", "is_not_root", "has_room"}
    assert set(ALL) - shown == elsewhere | {"may_open_files", "database_is_on_this_machine"}


def test_database_that_does_not_answer_is_said_and_the_rest_is_looked_at(monkeypatch: Any) -> None:
    def broken(*arguments: Any, **named: Any) -> None:
        raise OperationalError("connection refused\nby somebody")

    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", broken)
    found = list(examine())

    heading, first = found[0]
    assert (heading, first.text) == ("Database", "The database does not answer: connection refused.")
    assert {heading for heading, _ in found} == {"Database", "Settings", "Backups", "Machine"}


def test_connections_are_counted_on_postgresql(settings: Any) -> None:
    settings.WEB_CONCURRENCY, settings.DATABASE_POOL = 100, 100
    finding = database.has_connections_enough()

    if connection.vendor == "postgresql":
        assert (finding.level, "10000 connections" in finding.text) == (Level.WRONG, True)
    else:
        assert finding.level is Level.GOOD


def test_damaged_rows_are_found_on_sqlite(transactional_db: None) -> None:
    if connection.vendor != "sqlite":  # PostgreSQL lets nobody write such a row
        return
    make_symptom()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("UPDATE guides_symptom SET guide_id = 4711")
        finding = database.is_whole()
        cursor.execute("DELETE FROM guides_symptom")
        cursor.execute("PRAGMA foreign_keys = ON")

    assert (finding.level, finding.text) == (
        Level.WRONG,
        "The database is damaged: 1 row without the row they belong to.",
    )


def test_file_systems_are_told_apart(tmp_path: Path) -> None:
    assert machine.file_system_of(Path("/proc/self")) == "proc"
    assert machine.file_system_of(tmp_path) not in ("", "proc")


def test_backups_elsewhere_have_to_be_private_too(data: Path, tmp_path: Path, settings: Any) -> None:
    settings.BACKUP_DIR = tmp_path / "elsewhere"
    settings.BACKUP_DIR.mkdir()
    settings.BACKUP_DIR.chmod(0o755)

    finding = machine.data_is_private()

    assert finding == (
        Level.WRONG,
        f"Everybody on this machine may read {settings.BACKUP_DIR}.",
        f"chmod o-rwx {settings.BACKUP_DIR}",
    )


def test_full_disk_is_named(monkeypatch: Any) -> None:
    usage = type("Usage", (), {"free": 50_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert machine.has_room().level is Level.WRONG
    usage.free = 1_000_000_000
    assert machine.has_room().level is Level.LOOK


def test_command_says_all_and_ends_with_one_where_something_is_wrong(data: Path, first_content: None) -> None:
    said = io.StringIO()
    with pytest.raises(CommandError, match=r"^\d+ looks: [1-9]\d* wrong, \d+ to look at, \d+ all right\.$"):
        call_command("doctor", stdout=said, no_color=True)

    text = said.getvalue()
    assert "\nBackups\n  wrong There is no backup in " in text
    assert "\n        → Run `manage.py backup` every day" in text
    assert len(text.splitlines()) > len(ALL)


def test_quick_look_reads_no_content(first_content: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(40):
        quick = list(examine(quick=True))

    assert len(quick) == len(ALL) - 2


def test_database_that_is_only_old_is_looked_at_as_any_other(monkeypatch: Any) -> None:
    old = (lambda: look("PostgreSQL 13 is old.", "Plan for a newer one."), database.is_migrated)
    monkeypatch.setattr(runner, "DATABASE", DATABASE._replace(checks=old))

    found = list(examine(quick=True))

    assert found[0][1].level is Level.LOOK
    assert {part.heading for part in PARTS} <= {heading for heading, _ in found}
