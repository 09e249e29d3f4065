"""Querysets that are compiled to SQL once per process, for the queries of the public pages.

Django compiles a queryset each time it runs. The three queries of a symptom page cost 40 bare Django views that way,
and 5 compiled (docs/decisions/0010). The queryset stays the one place that says what is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models import query as orm

from helpdesk.content.audience import VISITOR, Audience

_Model = TypeVar("_Model", bound=models.Model)

_related_populators: Any = orm.get_related_populators  # the stubs know the one of a later Django


class Param(models.Value):
    """A placeholder in a queryset's condition for a value that each run gives by this name."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class CompiledQuery(Generic[_Model]):
    """A queryset with placeholders; `build` makes it for an audience.

    For visitors it is compiled once. A preview compiles it each time, as its moment is another one.
    """

    def __init__(self, build: Callable[[Audience], models.QuerySet[_Model]]) -> None:
        self.build = build

    @cached_property
    def _for_visitors(self) -> _Statement[_Model]:
        return _Statement(self.build(VISITOR))

    def all(self, audience: Audience, **params: object) -> list[_Model]:
        """Return the records in the queryset's order. One query."""
        statement = self._for_visitors if audience == VISITOR else _Statement(self.build(audience))
        return list(statement.run(params))

    def first(self, audience: Audience, **params: object) -> _Model | None:
        """Return the first of the records, or None. One query."""
        return next(iter(self.all(audience, **params)), None)


class _Statement(Generic[_Model]):
    """The SQL of a queryset, and how its rows become records: as in Django's own `ModelIterable`."""

    def __init__(self, queryset: models.QuerySet[_Model]) -> None:
        self.compiler: Any = queryset.query.get_compiler(connection=connection)
        sql, values = self.compiler.as_sql()
        # By name: Django rewrites positional parameters for SQLite with a regular expression at each run.
        names = [value.value if isinstance(value, Param) else f"_{place}" for place, value in enumerate(values)]
        self.sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        self.fixed = {name: value for name, value in zip(names, values, strict=True) if not isinstance(value, Param)}
        select, info = self.compiler.select, self.compiler.klass_info
        self.model = queryset.model
        self.columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        self.names = [column[0].target.attname for column in select[self.columns]]
        self.related = _related_populators(info, select, connection.alias)
        self.annotations = (self.compiler.annotation_col_map or {}).items()
        self.converters = self.compiler.get_converters([column[0] for column in select])

    def run(self, params: dict[str, object]) -> Iterator[_Model]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.fixed | params)
            rows = cursor.fetchall()
        for row in self.compiler.apply_converters(rows, self.converters) if self.converters else rows:
            record = self.model.from_db(connection.alias, self.names, row[self.columns])
            for populator in self.related:
                populator.populate(row, record)
            for name, place in self.annotations:
                setattr(record, name, row[place])
            yield record
