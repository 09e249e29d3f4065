"""Numbers of search documents: the help number, or a negative number for a record of a kind without help numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Model, Q
from django.db.models.expressions import Combinable

from helpdesk.content.kinds import ContentKind, kind_of

# Kinds without help numbers share the negative numbers: each has every sixteenth.
CODES = 16


def has_help_numbers(kind: ContentKind) -> bool:
    """Return whether the records of a kind have help numbers, which number their documents."""
    return hasattr(kind.model, "address_scope")


def code_of(kind: ContentKind) -> int:
    """Return the code that tells the documents of a kind without help numbers from those of others."""
    return kind.search.code if kind.search else 0


def search_number(record: Model) -> int:
    """Return the number of a record's search document."""
    kind = kind_of(record)
    return int(vars(record)["number"]) if has_help_numbers(kind) else -(record.pk * CODES + code_of(kind))


def number_expression(kind: ContentKind) -> Combinable:
    """Return the number of the document as an expression on rows of the kind."""
    return F("number") if has_help_numbers(kind) else -1 * (F("pk") * CODES + code_of(kind))


def number_sql(kind: ContentKind, row: str, key: str = "id") -> str:
    """Return the number of the document as SQL on a row ("NEW"); `key` is the column with the record's key."""
    return f"{row}.number" if has_help_numbers(kind) else f"-({row}.{key} * {CODES} + {code_of(kind)})"


def with_numbers(kind: ContentKind, numbers: Iterable[int]) -> Q:
    """Return the condition that a record's document has one of these numbers; those of other kinds are left out."""
    if has_help_numbers(kind):
        return Q(number__in=[number for number in numbers if number > 0])
    return Q(pk__in=[-number // CODES for number in numbers if number < 0 and -number % CODES == code_of(kind)])


def all_search_numbers(kind: ContentKind) -> list[int]:
    """Return the numbers of the documents of all records of a kind, public or not. One query."""
    rows: Any = kind.objects.order_by("pk").annotate(search_number=number_expression(kind))
    return list(rows.values_list("search_number", flat=True))
