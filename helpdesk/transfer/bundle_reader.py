"""Reader of bundles: the text of a file as records, or everything that is wrong with it, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import yaml
from django.utils.translation import gettext

from helpdesk.content.bundle_format import MovedTexts
from helpdesk.transfer import format_1, images
from helpdesk.transfer.bundle_writer import AS_WRITTEN_WORD, FORMAT
from helpdesk.transfer.errors import ErrorCollector, ImportRefused
from helpdesk.transfer.records import ContentRecord, RecordSet, Values
from helpdesk.transfer.schema import POSITION, FieldSpec, FieldType, RecordSpec, record_specs
from helpdesk.transfer.values import InvalidValue, not_a_choice, not_a_list, parse_text, parse_value
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
        sentence = gettext("This file isn't a bundle. Bundles begin with “helpdesk bundle: %(ours)s”.")
        raise ImportRefused(sentence % {"ours": FORMAT})
    if version.value not in map(str, range(1, FORMAT + 1)):
        sentence = gettext("%(line)s: this bundle has format %(theirs)s, but this portal reads formats 1 to %(ours)s.")
        words = {"line": line_of(version), "theirs": version.value[:20], "ours": FORMAT}
        raise ImportRefused(sentence % words)
    reader = _BundleReader(int(version.value))
    reader.read(root)
    reader.errors.raise_if_any()
    if reader.format == 1:
        reader.content.notes += format_1.notes_on(reader.content)
    return reader.content


def is_empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in EMPTY


class _BundleReader:
    """Walk through the nodes of a file that collects records and errors."""

    def __init__(self, its_format: int) -> None:
        self.format = its_format
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
            self._add(node, not_a_list())
            return
        found = []
        for one in node.value:
            if isinstance(one, yaml.MappingNode):
                found.append(self._record(spec, one, parent))
            else:
                self._add(one, gettext("this must be a record, with fields such as “slug: …”."))
        if self.format == 1:
            format_1.add_first_positions(found)

    def _record(self, spec: RecordSpec, node: yaml.Node, parent: ContentRecord | None) -> ContentRecord:
        fields = {field.word: field for field in spec.fields}
        below = {its.section: its for its in record_specs() if its.parent and its.parent.target is spec}
        moved = spec.kind.bundle.moved
        given: dict[str, Any] = {}
        nodes: dict[str, yaml.Node] = {}
        nested: list[tuple[RecordSpec, yaml.Node]] = []
        former: dict[str, yaml.Node] = {}
        as_written: tuple[str, ...] = ()
        refused: set[str] = set()
        for key, value in self._unique(node):
            if field := fields.get(key.value):
                if is_empty(value) and field.name in spec.kind.bundle.key:
                    continue
                errors = len(self.errors)
                given[field.name] = field.default if is_empty(value) else self._value(field, value)
                nodes[field.name] = value
                refused |= {field.name} if len(self.errors) > errors else set()
            elif key.value in below:
                nested.append((below[key.value], value))
            elif moved and key.value in moved.fields:
                former |= {} if is_empty(value) or not str(plain(value)).strip() else {key.value: value}
            elif spec.readable and key.value == AS_WRITTEN_WORD:
                as_written = self._as_written(spec, value)
            else:
                self._refuse_word(key, [*fields, *below])
        values = {
            field.name: given.get(field.name, field.default)
            for field in spec.fields
            if self._is_said(spec, field.name, given)
        }
        if spec.parent:
            values[spec.parent.name] = parent.key if parent else ""
        record = ContentRecord(spec, spec.key_of(values), values, line_of(node), as_written=as_written)
        self._read_texts(record, nodes, node, refused)
        for sentence in spec.faults(values, given):
            self._add(node, sentence)
        self._store(record, node)
        if moved and former:
            self._moved(below[moved.section], moved, former, record)
        for its, value in nested:
            self._records(its, value, record)
        return record

    def _is_said(self, spec: RecordSpec, name: str, given: Collection[str]) -> bool:
        """Return whether a record says something of a field, if only by leaving it out."""
        is_open = name == POSITION or (self.format == 1 and format_1.is_left_open(spec, name))
        return name in given or not is_open

    def _as_written(self, spec: RecordSpec, node: yaml.Node) -> tuple[str, ...]:
        """Return the names of the fields in the list of texts that stay as they are written."""
        words = {spec.word_of(name): name for name in spec.readable}
        given = plain(node)
        if not isinstance(given, list):
            self._add(node, "“%(word)s”: %(error)s", word=AS_WRITTEN_WORD, error=not_a_list())
            return ()
        if any(word not in words for word in map(str, given)):
            self._add(node, "“%(word)s”: %(error)s", word=AS_WRITTEN_WORD, error=not_a_choice(words))
        return tuple(words[word] for word in map(str, given) if word in words)

    def _read_texts(
        self, record: ContentRecord, nodes: Mapping[str, yaml.Node], node: yaml.Node, refused: Collection[str] = ()
    ) -> None:
        """Bring texts into the form in which they are stored; one that cannot be read stays where the file says so.

        Those that were refused before have their sentences.
        """
        spec = record.spec
        found, faults = spec.read(record.values)
        record.values |= found
        for name, error in faults.items():
            words = {"word": spec.word_of(name), "kind": spec.label(), "key": record.key, "error": error}
            if name in record.as_written:
                sentence = gettext("“%(word)s”: %(error)s The text is kept as written.")
                record.notes.append(sentence % words)
            elif name not in refused:
                sentence = gettext("“%(word)s” of the %(kind)s “%(key)s”: %(error)s")
                self._add(nodes.get(name, node), sentence, **words)
        record.as_written = tuple(name for name in faults if name in record.as_written)

    def _moved(
        self, spec: RecordSpec, moved: MovedTexts, former: Mapping[str, yaml.Node], parent: ContentRecord
    ) -> None:
        """Store the row below a record for texts that version 1.0 had in the record itself."""
        values: Values = {"slug": moved.key(parent.key)}
        values |= {spec.parent.name: parent.key} if spec.parent else {}
        values |= {
            name: self._value(spec.by_name[name], former[word]) for word, name in moved.fields.items() if word in former
        }
        node = next(iter(former.values()))
        record = ContentRecord(spec, spec.key_of(values), values, line_of(node), as_written=spec.readable)
        self._read_texts(record, {}, node)
        for word, sentence in moved.notes.items():
            if word in former:
                record.notes.append(str(sentence) % {"text": values[moved.fields[word]]})
        self._store(record, node)

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
