"""Querysets whose SQL is made once in a process, as making it costs many times what running it does.

The queryset stays the one place that says what is read: its SQL is Django's own, for the database in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any, Generic, TypeVar, overload

from django.db import connection, models
from django.db.models.base import ModelState
from django.http import HttpRequest

from helpdesk.content.publishing import in_preview

_Model = TypeVar("_Model", bound=models.Model)

# Whoever is no member of staff in the preview sees the same.
_VISITOR = HttpRequest()


class Slot(models.Value):
    """Stands in a queryset's condition for a value that each call gives."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Prepared(Generic[_Model]):
    """A queryset with slots. A call runs one query and gives the records, those of `select_related` with them.

    `build` makes the queryset for what a request may see. For visitors that is done once, in the staff's preview each
    time. A record says by its `content_key` what it and the related ones hold (`helpdesk.web.fragments`).
    Model.__init__ and its signals are passed by.
    """

    def __init__(self, build: Callable[[HttpRequest], models.QuerySet[_Model]]) -> None:
        self.build = build
        self.plan: _Plan | None = None

    def all(self, request: HttpRequest, **values: Any) -> Rows[_Model]:
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


class Rows(Sequence[_Model]):
    """What a query found: rows, of which records are made when somebody looks at them."""

    __slots__ = ("plan", "records", "stored")

    def __init__(self, plan: _Plan, stored: list[tuple[Any, ...]]) -> None:
        self.plan = plan
        self.stored = stored
        self.records: list[_Model] | None = None

    @property
    def content_key(self) -> tuple[Any, ...]:
        """All that the records show: what was given to one of them since counts as well."""
        if self.records is None:
            return (self.plan.record.number, *self.stored)
        return tuple(record.content_key for record in self.records)  # type: ignore[attr-defined]

    def column(self, name: str) -> tuple[Any, ...]:
        """The values of one column ("cause__slug") as the database has them, of all rows; no record is made."""
        place = self.plan.columns[name]
        return tuple(row[place] for row in self.stored)

    def __len__(self) -> int:
        return len(self.stored)

    @overload
    def __getitem__(self, place: int) -> _Model: ...
    @overload
    def __getitem__(self, place: slice) -> list[_Model]: ...
    def __getitem__(self, place: Any) -> Any:
        if self.records is None:
            self.records = self.plan.made(self.stored)
        return self.records[place]


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
        self.columns: dict[str, int] = {}
        self.record = _Record(compiler.klass_info, compiler.select, self.columns)

    def run(self, values: dict[str, Any]) -> Rows[Any]:
        cursor = connection.cursor()  # with all rows fetched there is nothing left to close
        cursor.execute(self.sql, self.fixed | values)
        return Rows(self, cursor.fetchall())

    def made(self, rows: Iterable[Sequence[Any]]) -> list[Any]:
        """The records of the rows; one that stands in several rows is made once."""
        alias = connection.alias
        known: dict[Any, Any] = {}
        return [self._made(row, alias, known) for row in rows]

    def _made(self, row: Sequence[Any], alias: str, known: dict[Any, Any]) -> Any:
        converted = list(row) if self.converters else row
        for place, converters, expression in self.converters:
            if converted[place] is not None:
                for convert in converters:
                    converted[place] = convert(converted[place], expression, connection)  # type: ignore[index]
        record = self.record.made(converted, row, alias, known)
        for name, place in self.annotations:
            record.__dict__[name] = converted[place]
            record.content_key += (row[place],)
        return record


class _Record:
    """Which columns of a row make a record, and which the records it refers to."""

    numbers = count()

    def __init__(self, info: dict[str, Any], select: Sequence[Any], columns: dict[str, int], path: str = "") -> None:
        places = info["select_fields"]
        self.number = next(self.numbers)
        self.model = info["model"]
        self.names = [select[place][0].target.attname for place in places]
        self.columns = slice(places[0], places[-1] + 1)
        self.key = places[self.names.index(self.model._meta.pk.attname)]
        columns.update((path + name, place) for name, place in zip(self.names, places, strict=True))
        self.related = []
        for part in info.get("related_klass_infos", ()):
            name = part["field"].name
            self.related.append((name, _Record(part, select, columns, f"{path}{name}__")))

    def made(self, row: Sequence[Any], stored: Sequence[Any], alias: str, known: dict[Any, Any]) -> Any:
        """The record from a row, as Python has its columns and as they are stored; None where a join found none."""
        key = row[self.key]
        if key is None:
            return None
        record = known.get((self.number, key))
        if record is not None:
            return record
        record = known[self.number, key] = self.model.__new__(self.model)
        related = {name: part.made(row, stored, alias, known) for name, part in self.related}
        state = ModelState()
        state.adding, state.db, state.fields_cache = False, alias, related
        columns = record.__dict__
        columns.update(zip(self.names, row[self.columns], strict=True))
        columns["_state"] = state
        keys = [part and part.content_key for part in related.values()]
        columns["content_key"] = (self.number, stored[self.columns], *keys)
        return record
