"""Full text search of SQLite: two FTS5 indexes over the documents, a trigram index over the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpdesk.search.engines import FRESH, LINE, ROW, WEIGHTS, DocumentRow, Engine, SuggestionRow, Variants

# The tables' text is folded and stemmed already: the tokenizer has to cut at the blanks and do no more.
_TOKENIZE = "tokenize='unicode61 remove_diacritics 0'"
_DOCUMENTS = "content='search_searchdocument', content_rowid='number'"
_TEXT = ("title", "message", "keywords", "context", "body")
_HEADS = ("heading", "aliases")

_NOW = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')"
_PUBLIC = f"d.public_from <= {_NOW} AND (d.public_until IS NULL OR d.public_until > {_NOW}) AND {FRESH}"


def _follow(table: str, columns: Sequence[str]) -> tuple[str, str]:
    """Return SQL that adds the NEW row of a document to its index, and SQL that removes the OLD one."""
    names, new, old = (", ".join(prefix + column for column in columns) for prefix in ("", "NEW.", "OLD."))
    return (
        f"INSERT INTO {table}(rowid, {names}) VALUES (NEW.number, {new});",
        f"INSERT INTO {table}({table}, rowid, {names}) VALUES ('delete', OLD.number, {old});",
    )


def _triggers() -> dict[str, str]:
    text_in, text_out = _follow("search_text", _TEXT)
    heads_in, heads_out = _follow("search_heads", _HEADS)
    pieces_in = "INSERT INTO search_pieces(rowid, word) VALUES (NEW.id, '  ' || NEW.word || ' ');"
    pieces_out = (
        "INSERT INTO search_pieces(search_pieces, rowid, word) VALUES ('delete', OLD.id, '  ' || OLD.word || ' ');"
    )
    text, heads = (", ".join(columns) for columns in (_TEXT, _HEADS))
    return {
        "search_document_in": f"AFTER INSERT ON search_searchdocument BEGIN {text_in} {heads_in} END",
        "search_document_out": f"AFTER DELETE ON search_searchdocument BEGIN {text_out} {heads_out} END",
        "search_document_text": f"AFTER UPDATE OF {text} ON search_searchdocument BEGIN {text_out} {text_in} END",
        "search_document_heads": f"AFTER UPDATE OF {heads} ON search_searchdocument BEGIN {heads_out} {heads_in} END",
        "search_word_in": f"AFTER INSERT ON search_searchword BEGIN {pieces_in} END",
        "search_word_out": f"AFTER DELETE ON search_searchword BEGIN {pieces_out} END",
    }


class SQLiteEngine(Engine):
    """Engine on FTS5, which ranks by BM25 with a weight for each column."""

    public, now = _PUBLIC, _NOW

    def install(self, cursor: Any) -> None:
        made = self._tables(cursor)
        text, heads = (", ".join(columns) for columns in (_TEXT, _HEADS))
        weights = ", ".join(str(WEIGHTS[column]) for column in _TEXT)
        # Pieces of words cannot be read back from the words' table, as blanks around a word mark its ends.
        tables = {
            "search_text": f"{text}, {_DOCUMENTS}, {_TOKENIZE}",
            "search_heads": f"{heads}, {_DOCUMENTS}, {_TOKENIZE}, prefix='2 3 4'",
            "search_pieces": "word, content='', tokenize='trigram'",
        }
        for name, what in tables.items():
            if name not in made:
                cursor.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({what})")
        cursor.execute(f"INSERT INTO search_text(search_text, rank) VALUES ('rank', 'bm25({weights})')")
        for name, body in _triggers().items():
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"CREATE TRIGGER {name} {body}")
        if set(tables) - made:
            self.rebuild(cursor)

    def _tables(self, cursor: Any) -> set[str]:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'search%%'", [])
        return {name for (name,) in cursor.fetchall()}

    def rebuild(self, cursor: Any) -> None:
        for table in ("search_text", "search_heads"):
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")
        cursor.execute("INSERT INTO search_pieces(search_pieces) VALUES ('delete-all')")
        cursor.execute("INSERT INTO search_pieces(rowid, word) SELECT id, '  ' || word || ' ' FROM search_searchword")

    def problems(self, cursor: Any) -> list[str]:
        found = []
        for table in ("search_text", "search_heads"):
            try:
                with self.connection.wrap_database_errors:
                    cursor.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")
            except self.connection.Database.Error as error:
                found.append(f"{table}: {error}")
        return found

    def find(self, concepts: Sequence[Variants], *, every: bool, limit: int) -> list[DocumentRow]:
        query = (" AND " if every else " OR ").join(
            "(" + " OR ".join('"' + " ".join(phrase) + '"' for phrase in variants) + ")" for variants in concepts
        )
        sql = f"""
            SELECT {ROW} FROM search_text CROSS JOIN search_searchdocument d ON d.number = search_text.rowid
            WHERE search_text MATCH %s AND {self.public} ORDER BY search_text.rank LIMIT %s"""
        return [DocumentRow(*row) for row in self.rows(sql, [query, limit])]

    def lines(self, words: Sequence[str], *, aliases: bool, limit: int, below: str = "") -> list[SuggestionRow]:
        columns = "heading aliases" if aliases else "heading"
        query = f"{{{columns}}} : (" + " AND ".join(f'"{word}"' for word in words) + "*)"
        sql = f"""
            SELECT {LINE} FROM search_heads CROSS JOIN search_searchdocument d ON d.number = search_heads.rowid
            WHERE search_heads MATCH %s AND substr(d.path, 1, %s) = %s AND {self.public} LIMIT %s"""
        return [SuggestionRow(*row) for row in self.rows(sql, [query, len(below), below, limit])]

    def words_beginning(self, beginning: str, limit: int) -> list[tuple[str, int]]:
        sql = """
            SELECT word, documents FROM search_searchword WHERE word >= %s AND word < %s AND documents > 0
            ORDER BY documents DESC, word LIMIT %s"""
        return self.rows(sql, [beginning, beginning + "\U0010ffff", limit])

    def words_like(self, word: str) -> list[tuple[str, int]]:
        padded = f"  {word} "
        pieces = " OR ".join(f'"{padded[at : at + 3]}"' for at in range(len(padded) - 2))
        sql = """
            SELECT word, documents FROM search_searchword WHERE documents > 0 AND id IN (
                SELECT rowid FROM search_pieces WHERE search_pieces MATCH %s ORDER BY rank LIMIT 200)"""
        return self.rows(sql, [pieces])
