"""Reader of bundles: the text of a file as records, or everything that is wrong with it, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml
from django.utils.translation import gettext

from helpdesk.transfer import images
from helpdesk.transfer.bundle_writer import FORMAT
from helpdesk.transfer.errors import ErrorCollector, ImportRefused
from helpdesk.transfer.records import ContentRecord, RecordSet, Values
from helpdesk.transfer.schema import FieldSpec, FieldType, RecordSpec, record_specs
from helpdesk.transfer.values import InvalidValue, parse_text, parse_value
from helpdesk.transfer.yaml_reader import line_of, plain, read_yaml

VERSION_WORD = "helpdesk bundle"
PICTURES_WORD = "pictures"
EMPTY = ("", "~", "null", "Null", "NULL")


def read_bundle(text: str) -> RecordSet:
    """Return the records of a bundle. Raises ImportRefused with all that is wrong with it in itself."""
    root = read_yaml(text)
    nodes = {key.value: node for key, node in root.value} if isinstance(root, yaml.MappingNode) else {}
    version = nodes.get(VERSION_WORD)
    if not isinstance(version, yaml.ScalarNode):
        raise ImportRefused(gettext("This file isn't a bundle. Bundles begin with “helpdesk bundle: 1”."))
    if version.value != str(FORMAT):
        sentence = gettext("%(line)s: this bundle has format %(theirs)s, but this portal reads format %(ours)s.")
        words = {"line": line_of(version), "theirs": version.value[:20], "ours": FORMAT}
        raise ImportRefused(sentence % words)
    reader = _BundleReader()
    reader.read(root)
    reader.errors.raise_if_any()
    return reader.content


def is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in EMPTY


class _BundleReader:
    """Walk through the nodes of a file that collects records and errors."""

    def __init__(self) -> None:
        self.content = RecordSet()
        self.errors = ErrorCollector()
        self.numbers: dict[int, ContentRecord] = {}

    def read(self, root: yaml.Node) -> None:
        sections = {spec.section: spec for spec in record_specs() if spec.parent is None}
        for key, node in self._unique(root):
            if key.value in sections:
                self._records(sections[key.value], node, None)
            elif key.value == PICTURES_WORD:
                self._pictures(node)
            elif key.value != VERSION_WORD:
                self._refuse_word(key, [VERSION_WORD, PICTURES_WORD, *sections])

    def _add(self, node: yaml.Node, sentence: str, **words: object) -> None:
        self.errors.add(line_of(node), sentence % words if words else sentence)

    def _refuse_word(self, key: yaml.Node, known: Iterable[str]) -> None:
        sentence = gettext("“%(word)s” isn't recognized. Use one of these: %(known)s.")
        self._add(key, sentence, word=key.value[:80], known=", ".join(known))

    def _unique(self, mapping: yaml.Node) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        seen: set[str] = set()
        for key, node in mapping.value:
            if key.value in seen:
                self._add(key, gettext("“%(word)s” appears twice."), word=key.value[:80])
            else:
                yield key, node
            seen.add(key.value)

    def _pictures(self, node: yaml.Node) -> None:
        for one in node.value if isinstance(node, yaml.SequenceNode) else [node]:
            given = plain(one)
            pairs = given.items() if isinstance(given, dict) else ()
            words = {word: text for word, text in pairs if isinstance(text, str)}
            try:
                name, description = parse_text(words.get("file", "")), parse_text(words.get("shows", ""))
            except InvalidValue as error:
                self._add(one, str(error))
                continue
            if images.named(name) is None or len(description) > images.MAX_DESCRIPTION_LENGTH:
                self._add(one, gettext("a picture needs “file” (its name) and “shows” (up to 300 characters)."))
            self.content.pictures[name] = description

    def _records(self, spec: RecordSpec, node: yaml.Node, parent: ContentRecord | None) -> None:
        if is_empty(node):
            return
        if not isinstance(node, yaml.SequenceNode):
            self._add(node, gettext("this must be a list, with each line starting with “-”."))
            return
        for one in node.value:
            if isinstance(one, yaml.MappingNode):
                self._record(spec, one, parent)
            else:
                self._add(one, gettext("this must be a record, with fields such as “slug: …”."))

    def _record(self, spec: RecordSpec, node: yaml.Node, parent: ContentRecord | None) -> None:
        fields = {field.word: field for field in spec.fields}
        below = {its.section: its for its in record_specs() if its.parent and its.parent.target is spec}
        values = {field.name: field.default for field in spec.fields}
        if spec.parent:
            values[spec.parent.name] = parent.key if parent else ""
        given: set[str] = set()
        nested: list[tuple[RecordSpec, yaml.Node]] = []
        moved: dict[RecordSpec, Values] = {}
        for key, value in self._unique(node):
            if field := fields.get(key.value):
                given.add(field.name)
                if not is_empty(value):
                    values[field.name] = self._value(field, value)
            elif key.value in below:
                nested.append((below[key.value], value))
            elif key.value in spec.kind.bundle.moved:
                section, name = spec.kind.bundle.moved[key.value]
                if not is_empty(value):
                    row = moved.setdefault(below[section], {})
                    row[name] = self._value(below[section].by_name[name], value)
            else:
                self._refuse_word(key, [*fields, *below])
        for sentence in spec.faults(values, given):
            self._add(node, sentence)
        record = self._store(ContentRecord(spec, spec.key_of(values), values, line_of(node)), node)
        for its, row in moved.items():
            self._moved(its, row, node, record)
        for its, value in nested:
            self._records(its, value, record)

    def _moved(self, spec: RecordSpec, row: Values, node: yaml.Node, parent: ContentRecord) -> None:
        """Store the row below a record for texts that earlier versions had in the record itself."""
        slug = f"{parent.key[:75]}-line"
        values = {**{field.name: field.default for field in spec.fields}, **row, "slug": slug}
        if spec.parent:
            values[spec.parent.name] = parent.key
        self._store(ContentRecord(spec, slug, values, line_of(node)), node)

    def _store(self, record: ContentRecord, node: yaml.Node) -> ContentRecord:
        if twin := self.content.find(record.name):
            sentence = gettext("the %(kind)s “%(key)s” appears twice; the other one is here: %(place)s.")
            self._add(node, sentence, key=record.key, kind=record.spec.label(), place=twin.place)
        else:
            self.content.add(record)
        if record.number is not None:
            other = self.numbers.setdefault(record.number, record)
            if other is not record:
                sentence = gettext("the number %(number)d appears twice; the other one is here: %(place)s.")
                self._add(node, sentence, number=record.number, place=other.place)
        return record

    def _value(self, field: FieldSpec, node: yaml.Node) -> Any:
        try:
            return parse_value(field, plain(node))
        except InvalidValue as error:
            self._add(node, "“%(word)s”: %(error)s", word=field.word, error=error)
            # Not empty, or the text would be reported as missing, too.
            return "?" if field.type is FieldType.TEXT else None
