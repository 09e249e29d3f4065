"""Search engines behind one interface: the full text search of SQLite and of PostgreSQL.

An engine indexes the rows of `SearchDocument` and `SearchWord` by itself, whatever writes them, and is asked with stems
and words made by `helpdesk.search.tokens` only. What it answers is ordered and public; the fine order is made above it,
the same for both.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any, ClassVar, NamedTuple

from django.db import connections

# A phrase of one or more stems; the ways to say one thing, any of which will do; the things a page has to say.
Phrase = tuple[str, ...]
Variants = Sequence[Phrase]

# How much a match counts by where it is: title and message, keywords, names around the page, text.
WEIGHTS = {"title": 8.0, "message": 8.0, "keywords": 4.0, "context": 2.5, "body": 1.0}


class DocumentRow(NamedTuple):
    """Document as an engine finds it; the texts are stems separated by spaces."""

    number: int
    kind: str
    slug: str
    path: str
    link: str
    place: str
    title: str
    message: str
    keywords: str
    context: str
    body: str


class SuggestionRow(NamedTuple):
    """Document as a suggestion shows it."""

    number: int
    kind: str
    slug: str
    path: str
    place: str
    shown_title: str
    heading: str


class HitRow(NamedTuple):
    """Document as a hit shows it."""

    number: int
    kind: str
    slug: str
    title: str
    path: str
    place: str
    shown_title: str
    shown_message: str
    parts: str
    guide: int


# What is known to have changed since is not found until the document knows.
FRESH = "NOT EXISTS (SELECT 1 FROM search_staledocument s WHERE s.number = d.number)"
ROW = ", ".join(f"d.{name}" for name in DocumentRow._fields)
LINE = ", ".join(f"d.{name}" for name in SuggestionRow._fields)
PAGE = ", ".join(f"d.{name}" for name in HitRow._fields)


class Engine(ABC):
    """Interface of both engines. They use SQL, not the ORM: a search is a handful of small queries."""

    public: ClassVar[str]  # SQL: the document d is public at this moment, and says what its page says
    now: ClassVar[str]  # SQL: this moment

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    # Set-up

    @abstractmethod
    def install(self, cursor: Any) -> None:
        """Create the engine's own tables, indexes and triggers; idempotent."""

    @abstractmethod
    def rebuild(self, cursor: Any) -> None:
        """Rebuild the index from the documents and words."""

    @abstractmethod
    def problems(self, cursor: Any) -> list[str]:
        """Return differences between index and documents."""

    def count_words(self, words: Sequence[tuple[str, str, int]]) -> None:
        """Add to the document counts of words: each with its stem and the difference."""
        sql = """
            INSERT INTO search_searchword (word, stem, documents) VALUES {}
            ON CONFLICT (word) DO UPDATE SET documents = search_searchword.documents + excluded.documents"""
        with self.connection.cursor() as cursor:
            for start in range(0, len(words), 300):
                some = words[start : start + 300]
                cursor.execute(sql.format(", ".join(["(%s, %s, %s)"] * len(some))), list(chain.from_iterable(some)))

    # Looking up, one query each

    @abstractmethod
    def find(self, concepts: Sequence[Variants], *, every: bool, limit: int) -> list[DocumentRow]:
        """Return the public documents with every one of these concepts, or at least one; best first."""

    @abstractmethod
    def lines(self, words: Sequence[str], *, aliases: bool, limit: int, below: str = "") -> list[SuggestionRow]:
        """Return public documents with these words in title or message, the last one as a prefix; unordered.

        With `aliases` the words may stand among the keywords as well. Only those whose address begins with `below`.
        """

    @abstractmethod
    def words_beginning(self, beginning: str, limit: int) -> list[tuple[str, int]]:
        """Return the words with this prefix and their document counts, the most frequent first."""

    @abstractmethod
    def words_like(self, word: str) -> list[tuple[str, int]]:
        """Return words that share letters with a misspelled one, and their document counts.

        Some hundreds at most, in no certain order.
        """

    def known_words(self, words: Collection[str]) -> list[tuple[str, int]]:
        """Return those of the words that documents have, and their document counts."""
        marks = ", ".join(["%s"] * len(words))
        sql = f"SELECT word, documents FROM search_searchword WHERE word IN ({marks}) AND documents > 0"
        return self.rows(sql, [*words])

    def is_anything_due(self) -> bool:
        """Return whether a changed page, or one whose moment has come, has an outdated document."""
        sql = f"""
            SELECT EXISTS (SELECT 1 FROM search_staledocument)
            OR EXISTS (SELECT 1 FROM search_searchdocument WHERE NOT is_counted AND public_from <= {self.now}
                AND (public_until IS NULL OR public_until > {self.now}))
            OR EXISTS (SELECT 1 FROM search_searchdocument WHERE is_counted AND public_until <= {self.now})"""
        return bool(self.rows(sql)[0][0])

    def documents_with(self, stems: Collection[str]) -> dict[str, int]:
        """Return approximate document counts of these stems; the empty stem has the number of all documents."""
        marks = ", ".join(["%s"] * len(stems))
        sql = f"""
            SELECT stem, SUM(documents) FROM search_searchword
            WHERE stem IN ({marks}) AND documents > 0 GROUP BY stem"""
        return {stem: int(documents) for stem, documents in self.rows(sql, [*stems])}

    def words_of_staff(self) -> tuple[tuple[tuple[str, str, bool], ...], tuple[tuple[str, str], ...]]:
        """Return synonyms and promises as staff wrote them.

        A synonym is the customers' words, the pages' words, and whether it holds both ways; a promise phrases and page.
        """
        rows = self.rows("""
            SELECT words, means, both_ways, false FROM search_synonym
            UNION ALL SELECT words, page, false, true FROM search_promise ORDER BY 1, 2""")
        synonyms = tuple((words, means, bool(both_ways)) for words, means, both_ways, promised in rows if not promised)
        return synonyms, tuple((words, page) for words, page, _, promised in rows if promised)

    def promises(self) -> tuple[tuple[str, str], ...]:
        """Return the promises as staff wrote them: phrases, one a line, and the page's link."""
        return tuple(self.rows("SELECT words, page FROM search_promise ORDER BY page"))

    def documents_at(self, links: Collection[str]) -> list[DocumentRow]:
        """Return the public documents with these links."""
        marks = ", ".join(["%s"] * len(links))
        sql = f"SELECT {ROW} FROM search_searchdocument d WHERE d.link IN ({marks}) AND {self.public}"
        return [DocumentRow(*row) for row in self.rows(sql, [*links])]

    def pages(self, numbers: Sequence[int], slugs: Sequence[str], titles: Sequence[str], limit: int) -> list[HitRow]:
        """Return the public documents with these numbers, and up to `limit` symptoms with one of these slugs or titles.

        In order of their numbers.
        """
        of_numbers, of_slugs, of_titles = (
            f"IN ({', '.join(['%s'] * len(values))})" if values else "IS NULL" for values in (numbers, slugs, titles)
        )
        sql = f"""
            SELECT {PAGE} FROM search_searchdocument d WHERE d.number {of_numbers} AND {self.public}
            UNION ALL SELECT * FROM (
                SELECT {PAGE} FROM search_searchdocument d
                WHERE d.kind = 'symptom' AND (d.slug {of_slugs} OR d.title {of_titles})
                AND NOT (d.number {of_numbers}) AND {self.public} ORDER BY d.number LIMIT %s) AS others"""
        values = [*numbers, *slugs, *titles, *numbers, limit]
        return sorted(HitRow(*row) for row in self.rows(sql, values))


def engine(using: str = "default") -> Engine:
    """Return the engine of this database."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        from helpdesk.search.engines.postgresql import PostgreSQLEngine

        return PostgreSQLEngine(connection)
    from helpdesk.search.engines.sqlite import SQLiteEngine

    return SQLiteEngine(connection)
