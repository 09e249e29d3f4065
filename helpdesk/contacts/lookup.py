"""Lookup of contact points with their lines, for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.content.audience import VISITOR
from helpdesk.content.compiled_query import CompiledQuery

_points = CompiledQuery(lambda audience: ContactPoint.objects.all())
_lines = CompiledQuery(lambda audience: ContactLine.objects.select_related("contact_point"))


def all_contacts() -> Sequence[ContactPoint]:
    """Return all contact points in order, with their lines. Two queries."""
    return with_lines(_points.all(VISITOR), _lines.all(VISITOR))


def attach_lines(points: Iterable[ContactPoint]) -> Sequence[ContactPoint]:
    """Give contact points their lines; return all contact points that have lines, in order, with theirs.

    One query, of a table of a few dozen rows.
    """
    lines = _lines.all(VISITOR)
    with_lines(points, lines)
    found = {line.contact_point_id: line.contact_point for line in lines}
    return with_lines(sorted(found.values(), key=lambda point: (point.position, point.slug)), lines)


def with_lines(points: Iterable[ContactPoint], lines: Iterable[ContactLine]) -> list[ContactPoint]:
    """Return contact points with those of the lines that are theirs, as Django's prefetching does it."""
    mine: dict[int, list[ContactLine]] = {}
    for line in lines:
        mine.setdefault(line.contact_point_id, []).append(line)
    points = list(points)
    for point in points:
        found: QuerySet[ContactLine] = QuerySet(ContactLine)
        vars(found).update(_result_cache=mine.get(point.pk, []), _prefetch_done=True)
        point.__dict__.setdefault("_prefetched_objects_cache", {})["lines"] = found
    return points
