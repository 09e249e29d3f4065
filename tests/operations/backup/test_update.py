"""An update of a filled database: from the tables of the first release to today's, with nothing lost or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from tests.operations.backup.drill import Place, connected
from tests.survival import killing
from tests.survival.places import own_database
from tests.survival.visitors import ask

pytestmark = pytest.mark.database

# What the first release migrated: Django's own tables, and the first migration of each part it had.
FIRST_RELEASE = (
    ["auth"],
    ["sessions"],
    *([part, "0001"] for part in ("guides", "faq", "search", "feedback", "links")),
)
# One process for all: each start of one takes as long as all they do.
AS_THE_FIRST_RELEASE = f"""
from django.core.management import call_command
from tests.operations.backup import first_release
for migrated in {FIRST_RELEASE!r}:
    call_command("migrate", *migrated, verbosity=0)
call_command("createcachetable")
first_release.fill()
call_command("createsuperuser", interactive=False, username="anna", email="anna@example.com", verbosity=0)
"""
# What the update writes anew, or writes about itself.
WRITTEN_BY_UPDATES = ("django_", "auth_permission", "auth_group_permissions", "search_", "sqlite_", "portal_cache")

GUIDE, OLD_GUIDE = "/guides/trading-platform-login/", "/guides/platform/"
VISITORS = 200
# Texts that are neither a number nor opening hours, and answers in an address that is somebody's bookmark.
PHONE, HOURS = "call 555 or 556", "Mon to Fri nine to five"
REFERENCE = "K7QM-2R9T"
ANSWERS = ("fixed", "not-fixed", "cannot-try")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A portal of the first release: its tables, the first content, an old address, and what visitors wrote."""
    with own_database() as database:
        place = Place(tmp_path_factory.mktemp("portal"), database)
        place.must("shell", "--verbosity=0", "--command", AS_THE_FIRST_RELEASE)
        # The triggers that would write this are today's, and know today's columns.
        place.execute(
            "INSERT INTO links_formeraddress (kind, scope, slug, number, until) SELECT 'guide', 0, 'platform', number, "
            "'2026-11-20 10:00:00+00' FROM guides_guide WHERE slug = 'trading-platform-login'"
        )
        place.execute(f"UPDATE guides_contactpoint SET phone = '{PHONE}', hours = '{HOURS}' WHERE position = 1")
        write_as_visitors(place)
        yield place


def write_as_visitors(place: Place) -> None:
    with connected(place.folder, place.database) as connection:
        connection.execute(
            "INSERT INTO feedback_handoff (reference, symptom_id, tried, skipped, summary, visitor, created_at) "
            f"SELECT '{REFERENCE}', min(symptom_id), '[]', '[]', 'All that was tried', 'v', '2026-11-20 10:00:00+00' "
            "FROM guides_check"
        )
        for number in range(VISITORS):
            for statement in posts_of(number):
                connection.execute(statement)
        connection.commit()


def posts_of(number: int) -> Iterator[str]:
    check = "SELECT symptom_id, cause_id FROM guides_check ORDER BY id LIMIT 1"
    yield (
        "INSERT INTO feedback_outcome (answer, checks_before, day, way_in, visitor, recorded_at, symptom_id, cause_id) "
        f"SELECT '{ANSWERS[number % 3]}', 0, '2026-11-20', '', 'visitor {number}', '2026-11-20 10:00:00+00', "
        f"c.symptom_id, c.cause_id FROM ({check}) c"
    )
    yield (
        "INSERT INTO feedback_unmatchedwords (words, visitor, day, recorded_at, guide_id) "
        f"SELECT 'It says {number}', 'visitor {number}', '2026-11-20', '2026-11-20 10:00:00+00', min(id) "
        "FROM guides_guide"
    )


def columns(place: Place) -> dict[str, list[str]]:
    """Of every table that an update leaves alone."""
    names = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        if place.database
        else "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1"
    )
    found: dict[str, list[str]] = {}
    with connected(place.folder, place.database) as connection:
        for table, column in connection.execute(names).fetchall():
            if not table.startswith(WRITTEN_BY_UPDATES):
                found.setdefault(table, []).append(column)
    return found


def rows(place: Place, of: dict[str, list[str]]) -> dict[str, Counter[str]]:
    with connected(place.folder, place.database) as connection:
        return {
            table: Counter(map(repr, connection.execute(f"SELECT {quoted(names)} FROM {table}").fetchall()))
            for table, names in of.items()
        }


def quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def ask_text(address: str) -> str:
    with build_opener().open(address) as response:
        return str(response.read().decode())


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


def test_update_of_a_filled_database_loses_and_changes_nothing(place: Place, tmp_path: Path) -> None:
    before_columns = columns(place)
    before = rows(place, before_columns)
    assert before["auth_user"].total() == 1
    assert before["feedback_outcome"].total() == before["feedback_unmatchedwords"].total() == VISITORS
    assert "ended_at" not in before_columns["links_formeraddress"]

    with killing.serving(place.folder, place.database) as portal:
        after = rows(place, before_columns)
        host = portal.address.partition("://")[2]
        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": portal.address}
        posted = ask(host, "POST", f"{GUIDE}none/", "words=After+the+update", form)
        found = ask(host, "GET", "/search/?q=token", None, {})
        pages = [ask(host, "GET", path, None, {}) for path in ("/", GUIDE, "/faq/", "/feed/", OLD_GUIDE)]
        contacts = ask_text(portal.address + "/contact/")
        handoff = ask_text(f"{portal.address}/handoff/{REFERENCE}/")
        with pytest.raises(HTTPError) as moved:
            build_opener(_Stay).open(portal.address + OLD_GUIDE)

    assert {name: before[name] - after[name] for name in before if before[name] - after[name]} == {}
    assert {name: after[name] - before[name] for name in before if after[name] - before[name]} == {}
    assert before_columns.keys() < columns(place).keys()
    assert posted[0] == 303
    assert found[0] == 200
    assert PHONE in contacts
    assert HOURS in contacts
    assert f"tel:{PHONE}" not in contacts
    assert "tel:555556" not in contacts
    assert REFERENCE in handoff
    assert "All that was tried" in handoff
    assert [status for status, _ in pages] == [200, 200, 200, 200, 301]
    assert moved.value.headers["Location"] == GUIDE
    moved.value.close()

    _, said = place.manage("doctor", "--no-color")
    for line in ("All migrations are applied.", "All triggers are in place.", "The search index is up to date"):
        assert f"  ok      {line}" in said, said
