"""What the databases' full text search does without our help: the yardstick for ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db import connection

from helpdesk.content.search_text import SearchText

# The same weights as ours.
WEIGHTS = "8.0, 8.0, 4.0, 2.5, 1.0"


def build(texts: Iterable[SearchText]) -> None:
    """Puts the plain texts of the pages into a table of the engine's own, as its manual shows it."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE VIRTUAL TABLE plain USING fts5(title, message, keywords, context, body, path UNINDEXED, "
                "tokenize='porter unicode61')"
            )
            cursor.execute(f"INSERT INTO plain(plain, rank) VALUES ('rank', 'bm25({WEIGHTS})')")
        else:
            cursor.execute(
                """
                CREATE TABLE plain (title text, message text, keywords text, context text, body text, path text,
                    vector tsvector GENERATED ALWAYS AS (
                        setweight(to_tsvector('english', title || ' ' || message), 'A')
                        || setweight(to_tsvector('english', keywords), 'B')
                        || setweight(to_tsvector('english', context), 'C')
                        || setweight(to_tsvector('english', body), 'D')) STORED)"""
            )
        if connection.vendor == "postgresql":
            cursor.execute("CREATE INDEX ON plain USING gin (vector)")
    add(texts)


def add(texts: Iterable[SearchText]) -> None:
    """Puts more texts into that table."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO plain (title, message, keywords, context, body, path) VALUES (%s, %s, %s, %s, %s, %s)",
            [(text.title, text.message, text.keywords, text.context, text.body, text.path) for text in texts],
        )


def ask(query: str, *, some: bool = False, limit: int = 10) -> list[tuple[Any, ...]]:
    """Path and title of the pages that have all of the words, or `some`; the best first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            words = re.findall(r"\w+", query)[:32]
            match = (" OR " if some else " AND ").join(f'"{word}"' for word in words)
            if not match:
                return []
            cursor.execute("SELECT path, title FROM plain WHERE plain MATCH %s ORDER BY rank LIMIT %s", [match, limit])
        else:
            asked = "websearch_to_tsquery('english', %s)"
            if some:
                asked = "replace(plainto_tsquery('english', %s)::text, '&', '|')::tsquery"
            cursor.execute(
                f"SELECT path, title FROM plain, (SELECT {asked} AS asked) AS q WHERE vector @@ asked "
                "ORDER BY ts_rank('{0.125, 0.3125, 0.5, 1.0}', vector, asked) DESC LIMIT %s",
                [query, limit],
            )
        return cursor.fetchall()


def search(query: str) -> list[str]:
    """The paths of the pages with all words; where there are none, of those with some."""
    return [path for path, _ in ask(query) or ask(query, some=True)]
