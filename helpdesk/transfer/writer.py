"""Content to the text of a bundle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from helpdesk.transfer import yaml_writer
from helpdesk.transfer.schema import KINDS, Content, Form, Former, Item, Kind, Property
from helpdesk.transfer.yaml_writer import Records

FORMAT = 1
HEADER = """\
# Content of a help portal, to be read, kept under version control, or brought into another portal.
#
# Records refer to each other by their slugs. Texts are Markdown. A help number is a promise: it stays with its page.
# To rename a page, change its slug, and keep its number and its title.
# Nothing of it is written anywhere before the import has shown what would change.
"""


def bundle_text(content: Content) -> str:
    """The content as YAML, the same for the same content."""
    lines = [HEADER.rstrip("\n"), "", f"helpdesk bundle: {FORMAT}"]
    if content.pictures:
        pictures = [
            [("file", name), *([("shows", yaml_writer.scalar(shows, 6))] if shows else [])]
            for name, shows in sorted(content.pictures.items())
        ]
        lines += ["", "pictures:", *yaml_writer.sequence(pictures, 2)]
    inside: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in content:
        if item.kind.inside:
            inside[item.kind.inside, item.parent].append(item)
    for kind in KINDS:
        if not kind.inside and content.of(kind.name):
            lines += ["", f"{kind.section}:"]
            records = Records(_pairs(item, inside, 4) for item in content.of(kind.name).values())
            lines += yaml_writer.sequence(records, 2)
    return "\n".join(lines) + "\n"


def _pairs(item: Item, inside: dict[tuple[str, str], list[Item]], indent: int) -> list[yaml_writer.Pair]:
    pairs = [
        (entry.word, _written(entry, item.values[entry.name], indent + 2))
        for entry in item.kind.properties
        if not is_left_out(item.kind, entry, item.values[entry.name])
    ]
    below = inside.get((item.kind.name, item.key))
    if below:
        pairs.append((below[0].kind.section, Records(_pairs(one, inside, indent + 4) for one in below)))
    return pairs


def is_left_out(kind: Kind, entry: Property, value: Any) -> bool:
    """Whether a value goes without saying. A text never does: its default may be another one elsewhere."""
    return value == ("" if entry.form is Form.TEXT else default_of(kind, entry))


def default_of(kind: Kind, entry: Property) -> Any:
    """The value of a property that the file says nothing of."""
    match entry.form:
        case Form.MANY | Form.FORMER:
            return ()
        case Form.NUMBER | Form.SWITCH | Form.TEXT:
            field = kind.field(entry.name)
            return field.default if field.has_default() else "" if entry.form is Form.TEXT else None
    return None


def _written(entry: Property, value: Any, indent: int) -> str | list:
    match entry.form:
        case Form.TEXT | Form.ONE:
            return yaml_writer.scalar(value, indent)
        case Form.SWITCH:
            return "yes" if value else "no"
        case Form.MOMENT:
            return moment(value)
        case Form.DAY:
            return value.isoformat()
        case Form.MANY:
            return [yaml_writer.scalar(key, indent) for key in value]
        case Form.FORMER:
            return [list(_former(address)) for address in value]
    return str(value)


def _former(address: Former) -> Iterator[yaml_writer.Pair]:
    yield "slug", yaml_writer.scalar(address.slug, 0)
    if address.scope:
        yield "in guide", str(address.scope)
    yield "until", moment(address.until)


def moment(value: datetime | date) -> str:
    """A moment in UTC: 2026-11-22 09:00:00+00:00."""
    return value.astimezone(UTC).isoformat(" ") if isinstance(value, datetime) else value.isoformat()
