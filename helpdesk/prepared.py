"""Querysets whose SQL is made once in a process, as making it costs many times what running it does.

The queryset stays the one place that says what is read: its SQL is Django's own, for the database in use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.http import HttpRequest

from helpdesk.publishing import in_preview

_Model = TypeVar("_Model", bound=models.Model)

# Whoever is no member of staff in the preview sees the same.
_VISITOR = HttpRequest()


class Slot(models.Value):
    """Stands in a queryset's condition for a value that each call gives."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Prepared(Generic[_Model]):
    """A queryset with slots. A call runs one query and gives the records, those of `select_related` with them.

    `build` makes the queryset for what a request may see. For visitors that is done once, in the staff's preview each
    time. A record says by its `content_key` what it and the related ones hold (`helpdesk.pieces`).
    Model.__init__ and its signals are passed by.
    """

    def __init__(self, build: Callable[[HttpRequest], models.QuerySet[_Model]]) -> None:
        self.build = build
        self.plan: _Plan | None = None

    def all(self, request: HttpRequest, **values: Any) -> list[_Model]:
        """The records, in the queryset's order."""
        if in_preview(request):
            return _Plan(self.build(request)).run(values)
        if self.plan is None:
            self.plan = _Plan(self.build(_VISITOR))
        return self.plan.run(values)

    def first(self, request: HttpRequest, **values: Any) -> _Model | None:
        """The first of the records."""
        found = self.all(request, **values)
        return found[0] if found else None


class _Plan:
    """A queryset's SQL, and how its rows become records."""

    def __init__(self, queryset: models.QuerySet[Any]) -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        names = [given.name if isinstance(given, Slot) else f"_{place}" for place, given in enumerate(parameters)]
        # By name: Django puts SQLite's own signs for them into the text, and for names that takes a tenth of the time.
        self.sql = sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)
        self.fixed = {name: given for name, given in zip(names, parameters, strict=True) if not isinstance(given, Slot)}
        converters = compiler.get_converters([column[0] for column in compiler.select])
        self.converters = [(place, *made) for place, made in converters.items()]
        self.annotations = list((compiler.annotation_col_map or {}).items())
        self.record = _Record(compiler.klass_info, compiler.select)

    def run(self, values: dict[str, Any]) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.fixed | values)
            rows = cursor.fetchall()
        alias = connection.alias
        return [self._made(row, alias) for row in rows]

    def _made(self, row: Sequence[Any], alias: str) -> Any:
        converted = list(row) if self.converters else row
        for place, converters, expression in self.converters:
            if converted[place] is not None:
                for convert in converters:
                    converted[place] = convert(converted[place], expression, connection)
        record = self.record.made(converted, row, alias)
        for name, place in self.annotations:
            record.__dict__[name] = converted[place]
            record.content_key += (row[place],)
        return record


class _Record:
    """Which columns of a row make a record, and which the records it refers to."""

    numbers = count()

    def __init__(self, info: dict[str, Any], select: Sequence[Any]) -> None:
        places = info["select_fields"]
        self.number = next(self.numbers)
        self.model = info["model"]
        self.names = [select[place][0].target.attname for place in places]
        self.columns = slice(places[0], places[-1] + 1)
        self.key = places[self.names.index(self.model._meta.pk.attname)]
        self.related = [(part["field"].name, _Record(part, select)) for part in info.get("related_klass_infos", ())]

    def made(self, row: Sequence[Any], stored: Sequence[Any], alias: str) -> Any:
        """The record from a row, before and after its columns became Python's; None where an outer join found none."""
        if row[self.key] is None:
            return None
        record = self.model.__new__(self.model)
        state = ModelState()
        related = {name: part.made(row, stored, alias) for name, part in self.related}
        state.adding, state.db, state.fields_cache = False, alias, related
        record.__dict__.update(zip(self.names, row[self.columns], strict=True))
        record._state = state
        keys = [part and part.content_key for part in related.values()]
        record.content_key = (self.number, stored[self.columns], *keys)
        return record
