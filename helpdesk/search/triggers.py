"""Database triggers that note which pages changed, whatever wrote the content.

Each change of a row enters the help numbers of the pages made of it among the stale documents, in the change's own
transaction; `helpdesk.search.index` brings their documents up to date. Which rows a page is made of says its content
kind (`ContentKind.reads`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.models import Field, Model

from helpdesk.content.kinds import ContentKind, searchable_kinds
from helpdesk.content.search_numbers import has_help_numbers, number_sql
from helpdesk.search.models import Promise

ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}

# Stands in a compiled query for a column of the row that changed.
_MARK = 2_000_000_011


def watched_models() -> list[type[Model]]:
    """Return the models whose rows the documents are made of."""
    found: dict[type[Model], None] = {}
    for kind in searchable_kinds():
        found |= dict.fromkeys([kind.model, *models_read(kind).values()])
    return [*found, Promise]


def models_read(kind: ContentKind) -> dict[str, type[Model]]:
    """Return the model at the end of each lookup to rows that the document is made of.

    Of a relation with many rows on both sides it is the table between them: only whether there are some is read.
    """
    found = kind.models_read(kind.search.reads if kind.search else ())
    between: dict[str, Any] = {field.name: field.remote_field.through for field in kind.model._meta.many_to_many}
    return {lookup: between.get(lookup, model) for lookup, model in found.items()}


def watched_tables() -> list[str]:
    """Return the tables with rows that the documents are made of."""
    return [model._meta.db_table for model in watched_models()]


def page_queries(connection: Any) -> dict[str, list[str]]:
    """Return for each table the queries for the numbers of the pages made of a row; `{row}` is OLD or NEW in them."""
    queries: dict[str, list[str]] = defaultdict(list)
    for kind in searchable_kinds():
        queries[kind.model._meta.db_table].append(f"SELECT {number_sql(kind, '{row}')}")
        for lookup, model in models_read(kind).items():
            queries[model._meta.db_table].append(_query(kind, lookup, connection))
    queries[Promise._meta.db_table].append("SELECT d.number FROM search_searchdocument d WHERE d.link = {row}.page")
    return dict(queries)


def _query(kind: ContentKind, lookup: str, connection: Any) -> str:
    """SQL of the numbers of the pages from which `lookup` leads to a row.

    The row of a relation from the other side is asked for its foreign key: when it is deleted, a join would miss it.
    """
    above, _, last = lookup.rpartition("__")
    holder: Any = kind.model
    for part in above.split("__") if above else ():
        holder = holder._meta.get_field(part).related_model
    relation = holder._meta.get_field(last)
    if relation.many_to_many:
        return f"SELECT {number_sql(kind, '{row}', relation.m2m_column_name())}"
    condition, column = (above or "pk", relation.field.column) if relation.one_to_many else (lookup, "id")
    key = "number" if has_help_numbers(kind) else "id"
    pages = kind.objects.order_by().filter(**{condition: _MARK}).values(key).distinct()
    sql, parameters = pages.query.get_compiler(connection=connection).as_sql()
    if parameters != (_MARK,):
        raise ValueError(f"The search cannot follow {lookup!r} of {kind.name!r}.")
    sql %= f"{{row}}.{column}"
    return sql if has_help_numbers(kind) else f"SELECT {number_sql(kind, 'pages')} FROM ({sql}) AS pages"


def parent_rows(model: type[Model]) -> list[str]:
    """Return SQL of the rows that a new row refers to, one for each table, as far as documents are made of them.

    On PostgreSQL two transactions do not see each other's rows. One that puts a row below another waits for the one
    that changes that row, and the other way round; so the later of the two sees both, and notes the page.
    """
    columns: dict[str, list[str]] = defaultdict(list)
    for field in model._meta.fields:
        if isinstance(field, Field) and field.is_relation and field.related_model in watched_models():
            columns[field.related_model._meta.db_table].append(f"NEW.{field.column}")
    return [f"{table} WHERE id IN ({', '.join(names)})" for table, names in columns.items()]


def note(queries: list[str], operation: str) -> str:
    """Return SQL that notes the pages of the row before and after the operation."""
    pages = (query.format(row=row) for row in ROWS[operation] for query in queries)
    return "".join(f"INSERT INTO search_staledocument (number) {numbers};\n" for numbers in pages)


def note_all() -> str:
    """Return SQL that notes all pages."""
    tables = ((number_sql(kind, "page"), kind.model._meta.db_table) for kind in searchable_kinds())
    numbers = " UNION ".join(f"SELECT {number} FROM {table} page" for number, table in tables)
    return f"INSERT INTO search_staledocument (number) {numbers}"


def sqlite(connection: Any) -> Iterator[str]:
    """Yield the statements that make the triggers on SQLite, in place of older ones."""
    for table, queries in page_queries(connection).items():
        for operation in ROWS:
            name = f"search_{table}_{operation.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {operation} ON {table} BEGIN {note(queries, operation)} END"


def postgresql(connection: Any) -> Iterator[str]:
    """Yield the statements that make the triggers on PostgreSQL, in place of older ones."""
    queries = page_queries(connection)
    for model in watched_models():
        table = model._meta.db_table
        locks = "".join(f"PERFORM 1 FROM {rows} ORDER BY id FOR SHARE;\n" for rows in parent_rows(model))
        locks = locks and f"IF TG_OP <> 'DELETE' THEN {locks} END IF;\n"
        notes = ((operation, note(queries[table], operation)) for operation in ROWS)
        branches = "".join(f"IF TG_OP = '{operation}' THEN {sql} END IF;\n" for operation, sql in notes)
        yield f"""
            CREATE OR REPLACE FUNCTION search_note_{table}() RETURNS trigger AS $$
            BEGIN {locks}{branches} RETURN NULL; END $$ LANGUAGE plpgsql"""
        yield f"DROP TRIGGER IF EXISTS search_note_{table} ON {table}"
        yield f"""
            CREATE TRIGGER search_note_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION search_note_{table}()"""


def statements(vendor: str) -> Iterator[str]:
    """Yield the statements that make the triggers on the default database, which is of this vendor."""
    connection = connections["default"]
    return sqlite(connection) if vendor == "sqlite" else postgresql(connection)
