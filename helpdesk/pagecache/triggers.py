"""Database triggers that move the version of the content, whatever writes it.

On PostgreSQL they wait for the end of the transaction: only then is the one row locked that all changes have in common,
so two editors never wait for each other while they work.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from helpdesk.content.kinds import shown_kinds
from helpdesk.content.triggers import TriggerSet

TABLE = "pagecache_contentversion"
# A number by lot, of 64 bits.
DRAWN = {"sqlite": "random()", "postgresql": "hashtextextended(gen_random_uuid()::text, 0)"}
_OPERATIONS = ("INSERT", "UPDATE", "DELETE")


def watched_tables() -> list[str]:
    """Return the tables that public pages are made of, in a fixed order: all of the apps whose records are shown.

    The tables of their history are not among them.
    """
    labels = {kind.model._meta.app_label for kind in shown_kinds()}
    models_of_apps = (
        model
        for label in labels
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if getattr(model, "is_on_pages", True)
        and not hasattr(model, "history_date")
        and not model.__name__.startswith("Historical")
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


def insert_version(connection: BaseDatabaseWrapper) -> None:
    """Insert the one row with the version of the content; one that is there keeps its number."""
    with connection.cursor() as cursor:
        cursor.execute(f"""
            INSERT INTO {TABLE} (id, number, told) VALUES (1, {DRAWN[connection.vendor]}, 0)
            ON CONFLICT (id) DO NOTHING""")


TRIGGERS = TriggerSet(
    tables=lambda: {TABLE, *watched_tables()},
    statements=lambda vendor: sqlite() if vendor == "sqlite" else postgresql(),
    finish=insert_version,
)
