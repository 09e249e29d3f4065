"""The first content in a test's database, quickly.

Loading the fixtures takes about as long as all the rest of a test. So they are loaded once in each process, by the
real command; what it wrote is kept, statement by statement, and written again for the next test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from helpdesk.identity.memo import memo
from helpdesk.operations.startup import FIRST_CONTENT, is_empty

_WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)

# Those that gave out a number since they were made: to ask each table takes longer than to write the content.
_TABLES_THAT_NUMBERED = {
    "sqlite": "SELECT name FROM sqlite_sequence",
    "postgresql": """
        SELECT owner.relname FROM pg_sequence JOIN pg_depend ON objid = seqrelid
        JOIN pg_class owner ON owner.oid = refobjid AND refclassid = 'pg_class'::regclass
        WHERE classid = 'pg_class'::regclass AND pg_sequence_last_value(seqrelid) IS NOT NULL""",
}

_written: list[tuple[str, Any, bool]] = []


def load() -> None:
    """Loads the fixtures; raises nothing but what the database says.

    Written again is only what goes into an empty portal, under the same numbers. Into another one the command loads.
    """
    if not is_empty():
        call_command("loaddata", *FIRST_CONTENT, verbosity=0)
        return
    _start_numbers_anew()
    if not _written:
        with connection.execute_wrapper(_keep):
            call_command("loaddata", *FIRST_CONTENT, verbosity=0)
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params, many in _written:
            (cursor.executemany if many else cursor.execute)(sql, params)
    memo.forget()  # no signal has said that there is an identity now


def _keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if _WRITES.match(sql):
        _written.append((sql, params, many))
    return execute(sql, params, many, context)


def _start_numbers_anew() -> None:
    """Has the next record of every table without records be number 1."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES_THAT_NUMBERED[connection.vendor])
        numbered = {table for (table,) in cursor.fetchall()}
        models = (model for model in apps.get_models() if model._meta.managed and model._meta.db_table in numbered)
        empty = [model for model in models if not model._base_manager.exists()]
        if connection.vendor == "postgresql":
            for sql in connection.ops.sequence_reset_sql(no_style(), empty):
                cursor.execute(sql)
        else:
            for model in empty:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
