"""Database triggers that note which pages changed, whatever wrote the content.

Each change of a row enters the help numbers of the pages that show it among the stale documents, in the change's own
transaction; `helpdesk.search.index` works them off.
"""

from __future__ import annotations

from collections.abc import Iterator

# For each table with content: the query for the numbers of the pages that show a row. {row} is OLD or NEW.
PAGES_OF = {
    "guides_symptom": "SELECT {row}.number",
    "guides_guide": "SELECT number FROM guides_symptom WHERE guide_id = {row}.id OR leads_to_id = {row}.id",
    "guides_check": "SELECT number FROM guides_symptom WHERE id = {row}.symptom_id",
    "guides_cause": """
        SELECT s.number FROM guides_symptom s JOIN guides_check c ON c.symptom_id = s.id WHERE c.cause_id = {row}.id""",
    "guides_resolution": """
        SELECT DISTINCT s.number FROM guides_symptom s JOIN guides_check c ON c.symptom_id = s.id
        JOIN guides_cause w ON w.id = c.cause_id WHERE w.resolution_id = {row}.id""",
    "faq_faqentry": "SELECT {row}.number",
    "faq_faqcategory": "SELECT number FROM faq_faqentry WHERE category_id = {row}.id",
}

# On PostgreSQL two transactions do not see each other's rows. One that puts a row below another waits for whoever
# changes that one, and the other way round; so the later of the two sees both, and notes the page.
ABOVE = {
    "guides_symptom": ("guides_guide WHERE id IN (NEW.guide_id, NEW.leads_to_id)",),
    "guides_check": ("guides_symptom WHERE id = NEW.symptom_id", "guides_cause WHERE id = NEW.cause_id"),
    "guides_cause": ("guides_resolution WHERE id = NEW.resolution_id",),
    "faq_faqentry": ("faq_faqcategory WHERE id = NEW.category_id",),
}
NOTE_ALL = """
    INSERT INTO search_staledocument (number)
    SELECT number FROM guides_symptom UNION SELECT number FROM faq_faqentry"""
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def note(table: str, operation: str) -> str:
    """SQL that notes the pages of the row before and after the operation."""
    pages = (PAGES_OF[table].format(row=row) for row in ROWS[operation])
    return "".join(f"INSERT INTO search_staledocument (number) {numbers};\n" for numbers in pages)


def sqlite() -> Iterator[str]:
    """The statements that (re)make the triggers on SQLite."""
    for table in PAGES_OF:
        for operation in ROWS:
            name = f"search_{table}_{operation.lower()}"
            yield f"DROP TRIGGER IF EXISTS {name}"
            yield f"CREATE TRIGGER {name} AFTER {operation} ON {table} BEGIN {note(table, operation)} END"


def postgresql() -> Iterator[str]:
    """The statements that (re)make the triggers on PostgreSQL."""
    for table in PAGES_OF:
        locks = "".join(f"PERFORM 1 FROM {rows} ORDER BY id FOR SHARE;\n" for rows in ABOVE.get(table, ()))
        locks = locks and f"IF TG_OP <> 'DELETE' THEN {locks} END IF;\n"
        branches = "".join(f"IF TG_OP = '{operation}' THEN {note(table, operation)} END IF;\n" for operation in ROWS)
        yield f"""
            CREATE OR REPLACE FUNCTION search_note_{table}() RETURNS trigger AS $$
            BEGIN {locks}{branches} RETURN NULL; END $$ LANGUAGE plpgsql"""
        yield f"DROP TRIGGER IF EXISTS search_note_{table} ON {table}"
        yield f"""
            CREATE TRIGGER search_note_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION search_note_{table}()"""
