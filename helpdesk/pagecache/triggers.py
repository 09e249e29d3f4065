"""Database triggers that move the version of the content, whatever writes it.

On PostgreSQL they wait for the end of the transaction: only then is the one row locked that all changes have in common,
so two editors never wait for each other while they work. Put in place after every `migrate`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig, apps
from django.db import connections, models

from helpdesk.content.kinds import addressed_kinds

TABLE = "pagecache_contentversion"
# A number by lot, of 64 bits.
DRAWN = {"sqlite": "random()", "postgresql": "hashtextextended(gen_random_uuid()::text, 0)"}
_OPERATIONS = ("INSERT", "UPDATE", "DELETE")


def watched_tables() -> list[str]:
    """Return the tables that public pages are made of, in a fixed order: all of the apps that have pages.

    The tables of their history are not among them.
    """
    labels = {kind.model._meta.app_label for kind in addressed_kinds()}
    models_of_apps = (
        model
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if not hasattr(model, "history_date") and not model.__name__.startswith("Historical")
    )
    return sorted(model._meta.db_table for model in models_of_apps)


def sqlite() -> Iterator[str]:
    """The statements that (re)make the triggers on SQLite."""
    for table in watched_tables():
        for operation in _OPERATIONS:
            name = f"pagecache_{table}_{operation.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"""
                CREATE TRIGGER {name} AFTER {operation} ON {table}
                BEGIN UPDATE {TABLE} SET number = {DRAWN["sqlite"]}; END"""


def postgresql() -> Iterator[str]:
    """The statements that (re)make the triggers on PostgreSQL."""
    # The setting lasts as long as the transaction: the first of its rows moves the number, the others find it moved.
    yield f"""
        CREATE OR REPLACE FUNCTION pagecache_move() RETURNS trigger AS $$
        BEGIN
            IF current_setting('pagecache.moved', true) IS DISTINCT FROM 'yes' THEN
                UPDATE {TABLE} SET number = {DRAWN["postgresql"]};
                PERFORM set_config('pagecache.moved', 'yes', true);
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql"""
    for table in watched_tables():
        yield f"DROP TRIGGER IF EXISTS pagecache_{table} ON {table}"
        yield f"""
            CREATE CONSTRAINT TRIGGER pagecache_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pagecache_move()"""


STATEMENTS = {"sqlite": sqlite, "postgresql": postgresql}


def install(app_config: AppConfig | None = None, using: str = "default", **kwargs: Any) -> None:
    """Puts the row and every trigger in place once all tables are there; a second time changes no number."""
    connection = connections[using]
    if not {TABLE, *watched_tables()} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO {TABLE} (id, number, told) VALUES (1, {DRAWN[connection.vendor]}, 0)
            ON CONFLICT (id) DO NOTHING""")
        for statement in STATEMENTS[connection.vendor]():
            cursor.execute(statement)


def connect(sender: AppConfig) -> None:
    models.signals.post_migrate.connect(install, sender=sender, dispatch_uid="pagecache.triggers.install")
