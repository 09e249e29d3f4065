"""Tables that the previous version can use too: it may serve during an update, or again after a rollback."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# The last migrations of the previous version, by app. Update them with each release.
PREVIOUS = {
    "accounts": "0001_accounts_and_their_log",
    "faq": "0001_initial",
    "feedback": "0002_words_without_a_guide",
    "guides": "0001_initial",
    "images": "0001_initial",
    "links": "0003_kinds_from_the_registry",
    "search": "0002_kinds_from_the_registry",
    "staff": "0001_flags",
}


def columns_of_the_previous_version() -> dict[str, set[str]]:
    state = MigrationLoader(None).project_state(list(PREVIOUS.items()))
    models = (state.apps.get_model(label, name) for label, name in state.models if label in PREVIOUS)
    return {model._meta.db_table: {field.column for field in model._meta.concrete_fields} for model in models}


def columns_that_must_be_given(table: str) -> tuple[set[str], set[str]]:
    """The columns of a table, and those among them that are not null and have no default."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"SELECT name, \"notnull\" AND dflt_value IS NULL AND NOT pk FROM pragma_table_info('{table}')"
            )
        else:
            cursor.execute(
                "SELECT column_name, is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' "
                f"FROM information_schema.columns WHERE table_name = '{table}'"
            )
        rows = cursor.fetchall()
    return {name for name, _ in rows}, {name for name, must in rows if must}


@pytest.mark.django_db
def test_previous_version_reads_and_writes_the_tables() -> None:
    for table, known in columns_of_the_previous_version().items():
        present, must_be_given = columns_that_must_be_given(table)
        assert known - present == set(), table
        assert must_be_given - known == set(), table
