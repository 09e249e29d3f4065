"""Database triggers: what each app declares, their installation after `migrate`, and a check that none is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate, pre_migrate

_CREATED = re.compile(r"CREATE\s+(?:CONSTRAINT\s+)?TRIGGER\s+(\w+)", re.IGNORECASE)

_registered: list[TriggerSet] = []


@dataclass(frozen=True)
class TriggerSet:
    """The triggers of one app.

    `tables` are those that have to exist first, `statements` the SQL for a vendor that drops and creates each trigger,
    `finish` what else has to be done in the database once they are there.
    """

    tables: Callable[[], set[str]]
    statements: Callable[[str], Iterable[str]]
    finish: Callable[[BaseDatabaseWrapper], object] = lambda connection: None

    def register(self, app: AppConfig) -> None:
        """Install the triggers after every `migrate`, and remove them before one that has migrations to run on SQLite.

        SQLite rebuilds a table to change it, which drops its triggers and fails at those that name it.
        """
        _registered.append(self)
        pre_migrate.connect(self.remove, sender=app, weak=False, dispatch_uid=f"{app.label}.triggers")
        post_migrate.connect(self.install, sender=app, weak=False, dispatch_uid=f"{app.label}.triggers")

    def install(self, *, using: str = "default", **kwargs: object) -> None:
        """Replace all triggers in one transaction; do nothing while a table is missing (`migrate APP zero`)."""
        connection = connections[using]
        if not self.tables() <= set(connection.introspection.table_names()):
            return
        with transaction.atomic(using=using):
            with connection.cursor() as cursor:
                for statement in self.statements(connection.vendor):
                    cursor.execute(statement)
            self.finish(connection)

    def remove(self, *, using: str = "default", plan: Sequence[object] = (), **kwargs: object) -> None:
        """Drop the triggers if SQLite is about to run migrations."""
        connection = connections[using]
        if not plan or connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            for name in self.names(connection.vendor):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")

    def names(self, vendor: str) -> set[str]:
        return {match[1] for statement in self.statements(vendor) for match in _CREATED.finditer(statement)}


def missing(using: str = "default") -> list[str]:
    """Return the names of triggers that are declared, but not in the database or disabled there. One query."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        active = {name for (name,) in cursor.fetchall()}
    return sorted(name for triggers in _registered for name in triggers.names(connection.vendor) - active)
