"""Full text search of PostgreSQL: two weighted tsvector columns under GIN, pg_trgm over the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError

from helpdesk.environment import WrongSetting
from helpdesk.search.engines import FRESH, LINE, ROW, WEIGHTS, DocumentRow, Engine, SuggestionRow, Variants

_NOW = "statement_timestamp()"
_PUBLIC = f"d.public_from <= {_NOW} AND (d.public_until IS NULL OR d.public_until > {_NOW}) AND {FRESH}"

# There are four weights, D to A, so title and message share one.
_LETTERS = {"title": "A", "message": "A", "keywords": "B", "context": "C", "body": "D"}
_BY_LETTER = {letter: WEIGHTS[column] / WEIGHTS["title"] for column, letter in _LETTERS.items()}
_RANKED = "ts_rank('{" + ", ".join(str(_BY_LETTER[letter]) for letter in "DCBA") + "}', d.vector, %s::tsquery)"


def _vector(column: str, letter: str) -> str:
    """Return SQL of a weighted vector of a column.

    "simple" leaves words as they are: they have been folded and stemmed already. PostgreSQL would read "80e7c0ff" as a
    number and a rest; with a letter before it, it stays one word (see `_word`).
    """
    words = f"regexp_replace({column}, '(^| )([0-9])', '\\1n\\2', 'g')"
    return f"setweight(to_tsvector('simple', {words}), '{letter}')"


def _word(word: str) -> str:
    """Return a word or stem in the form that vectors have, quoted for a query."""
    return f"'n{word}'" if word[0] in "0123456789" else f"'{word}'"


_VECTOR = " || ".join(_vector(column, letter) for column, letter in _LETTERS.items())
_HEADS = f"{_vector('heading', 'A')} || {_vector('aliases', 'B')}"

_ADD_COLUMN = "ALTER TABLE search_searchdocument ADD COLUMN IF NOT EXISTS"
_INSTALL = (
    f"{_ADD_COLUMN} vector tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED",
    f"{_ADD_COLUMN} heads tsvector GENERATED ALWAYS AS ({_HEADS}) STORED",
    # A word is counted often. With room on its page the new row stays there, and no index has to learn of it.
    "ALTER TABLE search_searchword SET (fillfactor = 50)",
    "CREATE INDEX IF NOT EXISTS search_document_vector ON search_searchdocument USING gin (vector)",
    "CREATE INDEX IF NOT EXISTS search_document_heads ON search_searchdocument USING gin (heads)",
    "CREATE INDEX IF NOT EXISTS search_word_pieces ON search_searchword USING gin (word gin_trgm_ops)",
)


class PostgreSQLEngine(Engine):
    """Engine on tsvector and pg_trgm. Generated columns follow the documents, so there is nothing to keep in step."""

    public, now = _PUBLIC, _NOW

    def install(self, cursor: Any) -> None:
        cursor.execute("SELECT set_config('client_min_messages', 'warning', true)")  # "already exists, skipping"
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        if not cursor.fetchone():
            try:
                cursor.execute("CREATE EXTENSION pg_trgm")
            except DatabaseError as error:
                reason = str(error).partition("\n")[0]
                raise WrongSetting(
                    f"DATABASE_URL: the database needs the extension pg_trgm ({reason}). "
                    "An administrator of the database can add it: CREATE EXTENSION pg_trgm"
                ) from None
        for statement in _INSTALL:
            cursor.execute(statement)

    def rebuild(self, cursor: Any) -> None:
        """Do nothing: the columns are generated whenever a row is written."""

    def problems(self, cursor: Any) -> list[str]:
        return []

    def find(self, concepts: Sequence[Variants], *, every: bool, limit: int) -> list[DocumentRow]:
        query = (" & " if every else " | ").join(
            "(" + " | ".join("(" + " <-> ".join(map(_word, phrase)) + ")" for phrase in variants) + ")"
            for variants in concepts
        )
        sql = f"""
            SELECT {ROW} FROM search_searchdocument d WHERE d.vector @@ %s::tsquery AND {self.public}
            ORDER BY {_RANKED} DESC, d.number LIMIT %s"""
        return [DocumentRow(*row) for row in self.rows(sql, [query, query, limit])]

    def lines(self, words: Sequence[str], *, aliases: bool, limit: int, below: str = "") -> list[SuggestionRow]:
        weight = "AB" if aliases else "A"
        query = " & ".join(f"{_word(word)}:{'*' if last else ''}{weight}" for word, last in _with_last(words))
        sql = f"""
            SELECT {LINE} FROM search_searchdocument d
            WHERE d.heads @@ %s::tsquery AND substr(d.path, 1, %s) = %s AND {self.public} LIMIT %s"""
        return [SuggestionRow(*row) for row in self.rows(sql, [query, len(below), below, limit])]

    def words_beginning(self, beginning: str, limit: int) -> list[tuple[str, int]]:
        # The words are letters and digits only, so nothing in the beginning is a wildcard.
        sql = """
            SELECT word, documents FROM search_searchword WHERE word LIKE %s AND documents > 0
            ORDER BY documents DESC, word COLLATE "C" LIMIT %s"""
        return self.rows(sql, [beginning + "%", limit])

    def words_like(self, word: str) -> list[tuple[str, int]]:
        sql = """
            SELECT word, documents FROM search_searchword WHERE word %% %s AND documents > 0
            ORDER BY similarity(word, %s) DESC LIMIT 200"""
        return self.rows(sql, [word, word])


def _with_last(words: Sequence[str]) -> list[tuple[str, bool]]:
    return [(word, place == len(words)) for place, word in enumerate(words, start=1)]
