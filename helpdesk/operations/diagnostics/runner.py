"""All looks at a deployment, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.db import Error as DatabaseError

from helpdesk.operations.diagnostics import database, deployment, machine
from helpdesk.operations.diagnostics.finding import Check, Finding, Level, wrong


class Part(NamedTuple):
    """What belongs together, under a heading; `long` are those that read all of the content."""

    heading: str
    checks: tuple[Check, ...]
    long: tuple[Check, ...] = ()


# Without these there is no use in asking for anything that stands in the database.
DATABASE = Part("Database", (database.answers, database.is_migrated))

PARTS = (
    Part(
        "What is kept",
        (
            database.keeps_what_it_acknowledged,
            database.has_connections_enough,
            database.has_all_triggers,
            database.knows_its_version,
            database.cache_answers,
        ),
        long=(database.is_whole, database.search_is_in_step),
    ),
    Part(
        "People",
        (deployment.staff_have_second_factors, deployment.first_account_was_used),
    ),
    Part("Clock", (machine.clock_is_right,)),
)

WITHOUT_DATABASE = (
    Part(
        "Settings",
        (
            deployment.debug_is_off,
            deployment.key_is_secret,
            deployment.has_public_address,
            deployment.hosts_are_named,
            deployment.stands_behind_a_proxy,
            deployment.django_is_content,
            deployment.weaknesses_can_be_reported,
        ),
    ),
    Part("Backups", (deployment.has_a_fresh_backup, deployment.backups_are_elsewhere)),
    Part(
        "Machine",
        (
            machine.data_is_private,
            machine.can_write,
            machine.is_not_root,
            machine.database_is_on_this_machine,
            machine.has_room,
            machine.has_memory,
            machine.may_open_files,
            machine.static_files_are_ready,
        ),
    ),
)


def examine(*, quick: bool = False) -> Iterator[tuple[str, Finding]]:
    """Each finding with its heading, as it is found. `quick` leaves out what reads all of the content.

    Changes nothing but a counter of the cache that ends by itself. Where the database does not answer or is not up to
    date, what stands in it is not asked for.
    """
    findings = [finding_of(check) for check in DATABASE.checks]
    yield from ((DATABASE.heading, finding) for finding in findings)
    parts = PARTS if all(finding.level is not Level.WRONG for finding in findings) else ()
    for part in (*parts, *WITHOUT_DATABASE):
        for check in (*part.checks, *(() if quick else part.long)):
            yield part.heading, finding_of(check)


def finding_of(check: Check) -> Finding:
    """What a check says; that it could not be made is a finding as well."""
    try:
        return check()
    except DatabaseError as error:
        said = str(error).strip().partition("\n")[0]
        return wrong(f"The database does not answer: {said}.", "Start it, or mend DATABASE_URL.")
    except OSError as error:
        name = check.__name__.replace("_", " ")
        return wrong(f"“{name}” could not be looked at: {error.strerror or error}.", "Run this as the portal's user.")
