"""Content of the portal as records, all of it or that of some guides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import attrgetter

from helpdesk.addresses.models import FormerAddress
from helpdesk.outside.models import OutsidePage
from helpdesk.text.outside_links import written_in
from helpdesk.transfer.images import add_pictures
from helpdesk.transfer.records import ContentRecord, FormerSlug, RecordName, RecordSet
from helpdesk.transfer.schema import FORMER, FieldSpec, FieldType, RecordSpec, record_specs, spec_of
from helpdesk.transfer.values import normalize_newlines

# Keys of records by the kind and the primary key.
Keys = dict[str, dict[int, str]]


def stored_content() -> RecordSet:
    """Return all content in the order of the pages. A query for each kind and relation, and two."""
    content = RecordSet()
    keys: Keys = {}
    former = _former_slugs()
    for spec in record_specs():
        records = list(_stored_records(spec, keys))
        keys[spec.name] = {record.pk: record.key for record in records if record.pk}
        for field in spec.fields:
            if field.through is not None:
                _add_references(records, field, keys)
        if spec.is_addressed:
            for record in records:
                record.values[FORMER] = former.get((spec.kind.name, record.number), ())
        for record in sorted(records, key=_order_in_file):
            content.add(record)
    return add_pictures(content)


def _stored_records(spec: RecordSpec, keys: Keys) -> Iterator[ContentRecord]:
    references = [field for field in spec.all_fields if field.type is FieldType.REFERENCE]
    for row in spec.kind.objects.order_by().values("pk", *spec.columns):
        pk = row.pop("pk")
        values = {name: normalize_newlines(value) for name, value in row.items()}
        for field in references:
            if values[field.name] is not None:
                values[field.name] = keys[field.target.name][values[field.name]]
        # In the form that an import would give them, so that nothing differs that reads the same.
        found, faults = spec.read(values)
        yield ContentRecord(spec, spec.key_of(values), {**values, **found}, pk=pk, as_written=tuple(faults))


def _add_references(records: Iterable[ContentRecord], field: FieldSpec, keys: Keys) -> None:
    found: dict[int, list[str]] = defaultdict(list)
    order = ("position",) if field.is_ordered else ()
    ends = field.field.m2m_column_name(), field.field.m2m_reverse_name()
    for owner, other in field.through._base_manager.order_by(*order).values_list(*ends):
        found[owner].append(keys[field.target.name][other])
    for record in records:
        others = found[record.pk or 0]
        record.values[field.name] = tuple(others if field.is_ordered else sorted(others))


def _former_slugs() -> dict[tuple[str, int | None], tuple[FormerSlug, ...]]:
    """Return the former addresses by kind and number, the latest first, those of one moment by the alphabet."""
    found: dict[tuple[str, int | None], list[FormerSlug]] = defaultdict(list)
    columns = ("kind", "number", "slug", "scope", "until", "ended_at")
    for kind, number, *values in FormerAddress.objects.order_by().values_list(*columns):
        found[kind, number].append(FormerSlug(*values))
    return {
        owner: tuple(sorted(sorted(slugs), key=attrgetter("until"), reverse=True)) for owner, slugs in found.items()
    }


def _order_in_file(record: ContentRecord) -> tuple[int, int, str]:
    if "position" not in record.values:
        return 0, 0, record.key
    return record.values["position"], record.number or 0, record.key


def _outside_pages_named_by(record: ContentRecord) -> Iterator[RecordName]:
    for field in record.spec.kind.markdown_fields:
        for key in written_in(record.values.get(field.name) or ""):
            yield spec_of(OutsidePage).name, key


def selection(content: RecordSet, guides: Iterable[str], *, onward: bool = True) -> RecordSet:
    """Return the guides with these slugs and all that belongs to them. Raises KeyError for an unknown guide.

    That is what is written below them, what that refers to, outside pages that its texts name included, and what has
    them among its related records; guides that they lead to only with `onward`.
    """
    children: dict[RecordName | None, list[RecordName]] = defaultdict(list)
    for record in content:
        children[record.parent_name].append(record.name)
    wanted: set[RecordName] = set()
    todo: list[RecordName] = [content.of("guide")[slug].name for slug in guides]
    while todo:
        name = todo.pop()
        found = content.find(name)
        if name in wanted or found is None:
            continue
        wanted.add(name)
        hard = [to for field, to in found.references() if not field.is_soft]
        todo += children[name] + [to for to in hard if onward or to[0] != "guide"]
    for record in content:
        if any(field.is_soft and to in wanted for field, to in record.references()):
            wanted |= {record.name, *([record.parent_name] if record.parent_name else [])}
    wanted |= {name for record in content if record.name in wanted for name in _outside_pages_named_by(record)}
    chosen = RecordSet()
    for record in content:
        if record.name in wanted:
            chosen.add(record)
    return add_pictures(chosen)
