"""Database triggers that keep help numbers and former addresses, whatever writes the content.

For each model with addresses:
- the number of a new row is entered in the table of help numbers; one of another kind of record is refused;
- a number cannot change;
- an address that a public page leaves (renamed, moved to another guide, taken back to a draft, deleted) is kept; a
  draft that nobody could see leaves only its number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from helpdesk.addresses.models import Addressed, addressed_models
from helpdesk.content.triggers import TriggerSet


@dataclass(frozen=True)
class Watched:
    """Names and conditions for the SQL of one model's triggers."""

    kind: str
    table: str
    scope: str  # SQL of the number of the guide the old row stood in, "0" where there is none
    moved: str  # SQL condition: the row is no longer to be seen at its address
    was_public: str  # SQL condition: visitors could have seen the old row

    @classmethod
    def of(cls, model: type[Addressed], now: str) -> Watched:
        scope, moved = "0", "OLD.slug <> NEW.slug"
        if model.address_scope:
            field: Any = model._meta.get_field(model.address_scope)
            parent = field.related_model._meta.db_table
            # The guide is gone before its symptoms only when all tables are emptied.
            scope = f"COALESCE((SELECT number FROM {parent} WHERE id = OLD.{field.column}), 0)"
            moved += f" OR OLD.{field.column} <> NEW.{field.column}"
        publishable = any(field.name == "publish_at" for field in model._meta.get_fields())
        was_public = f"OLD.publish_at <= {now}" if publishable else "TRUE"
        if publishable:
            moved += f" OR NEW.publish_at IS NULL OR NEW.publish_at > {now}"
        return cls(model.address_kind, model._meta.db_table, scope, moved, was_public)


def remember(watched: Watched, now: str) -> str:
    """Return SQL that enters the old row's address in the table of former addresses."""
    return f"""
        INSERT INTO links_formeraddress (kind, scope, slug, number, until)
        VALUES ('{watched.kind}', {watched.scope}, OLD.slug, OLD.number, {now})
        ON CONFLICT (kind, scope, slug, number) DO UPDATE SET until = excluded.until, ended_at = NULL;"""


SQLITE_NOW = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


def sqlite(model: type[Addressed]) -> Iterator[str]:
    """Yield the statements that create one model's triggers on SQLite, again where they exist."""
    watched = Watched.of(model, SQLITE_NOW)
    kind, table = watched.kind, watched.table
    triggers = {
        f"links_{kind}_number_taken": f"""
            BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM links_helpnumber WHERE number = NEW.number AND kind <> '{kind}')
            BEGIN SELECT RAISE(ABORT, 'this help number belongs to another kind of record'); END""",
        f"links_{kind}_number_given": f"""
            AFTER INSERT ON {table}
            BEGIN
                INSERT INTO links_helpnumber (number, kind) VALUES (NEW.number, '{kind}')
                ON CONFLICT (number) DO NOTHING;
            END""",
        f"links_{kind}_number_kept": f"""
            BEFORE UPDATE OF number ON {table} WHEN OLD.number <> NEW.number
            BEGIN SELECT RAISE(ABORT, 'a help number never changes'); END""",
        f"links_{kind}_moved": f"""
            AFTER UPDATE ON {table} WHEN {watched.was_public} AND ({watched.moved})
            BEGIN {remember(watched, SQLITE_NOW)} END""",
        f"links_{kind}_deleted": f"""
            AFTER DELETE ON {table} WHEN {watched.was_public}
            BEGIN {remember(watched, SQLITE_NOW)} END""",
    }
    for name, body in triggers.items():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} {body}"


def postgresql(model: type[Addressed]) -> Iterator[str]:
    """Yield the statements that create one model's trigger on PostgreSQL, again where it exists."""
    now = "statement_timestamp()"
    watched = Watched.of(model, now)
    kind, table = watched.kind, watched.table
    yield f"""
        CREATE OR REPLACE FUNCTION links_keep_{kind}() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                INSERT INTO links_helpnumber (number, kind) VALUES (NEW.number, '{kind}')
                ON CONFLICT (number) DO NOTHING;
                IF EXISTS (SELECT 1 FROM links_helpnumber WHERE number = NEW.number AND kind <> '{kind}') THEN
                    RAISE EXCEPTION 'this help number belongs to another kind of record' USING ERRCODE = '23000';
                END IF;
            ELSIF TG_OP = 'UPDATE' THEN
                IF OLD.number <> NEW.number THEN
                    RAISE EXCEPTION 'a help number never changes' USING ERRCODE = '23000';
                END IF;
                IF {watched.was_public} AND ({watched.moved}) THEN {remember(watched, now)} END IF;
            ELSIF {watched.was_public} THEN {remember(watched, now)}
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql"""
    yield f"DROP TRIGGER IF EXISTS links_keep_{kind} ON {table}"
    yield f"""
        CREATE TRIGGER links_keep_{kind} AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION links_keep_{kind}()"""


def statements(vendor: str) -> Iterator[str]:
    for model in addressed_models():
        yield from sqlite(model) if vendor == "sqlite" else postgresql(model)


def tables() -> set[str]:
    return {str(model._meta.db_table) for model in addressed_models()} | {"links_formeraddress"}


def drop_leftovers_of_flush(connection: BaseDatabaseWrapper) -> None:
    """Remove addresses that the triggers remembered while `flush` emptied table after table.

    Every number ever given is in the book of numbers; where that is empty too, there is nothing to remember.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM links_formeraddress WHERE number NOT IN (SELECT number FROM links_helpnumber)")


TRIGGERS = TriggerSet(tables, statements, drop_leftovers_of_flush)
