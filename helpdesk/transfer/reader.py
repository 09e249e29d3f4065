"""The text of a bundle to content, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.addresses.help_numbers import HIGHEST_NUMBER
from helpdesk.transfer import pictures, values, yaml_reader
from helpdesk.transfer.errors import Faults, Refused, line
from helpdesk.transfer.schema import KINDS, Content, Form, Former, Item, Kind, Property, key_of
from helpdesk.transfer.writer import FORMAT, default_of
from helpdesk.transfer.yaml_reader import Mapping, Node, Scalar, Sequence

VERSION_WORD = "helpdesk bundle"
PICTURES = "pictures"
TOP = {kind.section: kind for kind in KINDS if not kind.inside}
BELOW = {kind.inside: kind for kind in KINDS if kind.inside}


def read_bundle(text: str) -> Content:
    """What a bundle holds. Raises Refused with all that is wrong with it in itself, each with its line."""
    root = yaml_reader.read(text)
    if not isinstance(root, Mapping):
        raise Refused(_("This is not a bundle of this portal: it begins with “helpdesk bundle: 1”."))
    reader = Reader()
    reader.read(root)
    reader.faults.refuse()
    return reader.content


class Reader:
    """Goes through the nodes of a file, and collects records and faults."""

    def __init__(self) -> None:
        self.content = Content()
        self.faults = Faults()
        self.numbers: dict[int, Item] = {}

    def read(self, root: Mapping) -> None:
        self._refuse_other_formats(root)
        for key, node in self._once(root):
            if key.text == VERSION_WORD:
                continue
            kind = TOP.get(key.text)
            if key.text == PICTURES:
                self._pictures(node)
            elif kind is None:
                self.unknown(key, [VERSION_WORD, PICTURES, *TOP])
            else:
                self._records(kind, node, None)

    def _refuse_other_formats(self, root: Mapping) -> None:
        version = next((node for key, node in root.pairs if key.text == VERSION_WORD), None)
        if not isinstance(version, Scalar):
            raise Refused(_("This is not a bundle of this portal: it begins with “helpdesk bundle: 1”."))
        if version.text != str(FORMAT):
            raise Refused(
                _("%(line)s: this bundle has the format %(theirs)s; this portal reads %(ours)s.")
                % {"line": line(version.line), "theirs": version.text[:20], "ours": FORMAT}
            )

    def add(self, at: int, sentence: str) -> None:
        self.faults.add(line(at), sentence)

    def unknown(self, key: Scalar, known: Iterable[str]) -> None:
        self.add(
            key.line,
            _("“%(word)s” is not known here. Known are: %(known)s.")
            % {"word": key.text[:80], "known": ", ".join(known)},
        )

    def _once(self, mapping: Mapping) -> Iterable[tuple[Scalar, Node]]:
        seen: set[str] = set()
        for key, node in mapping.pairs:
            if key.text in seen:
                self.add(key.line, _("“%(word)s” is there twice.") % {"word": key.text[:80]})
            else:
                yield key, node
            seen.add(key.text)

    def _pictures(self, node: Node) -> None:
        for one in node.nodes if isinstance(node, Sequence) else [node]:
            words = {"file": "", "shows": ""}
            for key, value in one.pairs if isinstance(one, Mapping) else []:
                if key.text in words and isinstance(value, Scalar):
                    words[key.text] = value.text
            try:
                name, shows = values.text(words["file"]), values.text(words["shows"])
            except values.Wrong as wrong:
                self.add(one.line, str(wrong))
                continue
            if not pictures.NAME.fullmatch(name) or len(shows) > pictures.LONGEST_DESCRIPTION:
                self.add(one.line, _("a picture has “file”, its name, and “shows”, at most 300 characters."))
            self.content.pictures[name] = shows

    # Records

    def _records(self, kind: Kind, node: Node, parent: Item | None) -> None:
        if is_nothing(node):
            return
        if not isinstance(node, Sequence):
            self.add(node.line, _("a list is expected here, each line beginning with “-”."))
            return
        for one in node.nodes:
            if isinstance(one, Mapping):
                self._record(kind, one, parent)
            else:
                self.add(one.line, _("a record is expected here, with words such as “slug: …”."))

    def _record(self, kind: Kind, node: Mapping, parent: Item | None) -> None:
        known = {entry.word: entry for entry in kind.properties}
        below = BELOW.get(kind.name)
        found: dict[str, Any] = {entry.name: default_of(kind, entry) for entry in kind.properties}
        if kind.parent:
            found[kind.parent] = parent.key if parent else ""
        given: set[str] = set()
        nested: Node | None = None
        for key, value in self._once(node):
            entry = known.get(key.text)
            if entry is not None:
                given.add(entry.name)
                self._value(kind, entry, value, found)
            elif below and key.text == below.section:
                nested = value
            else:
                self.unknown(key, [*known, *([below.section] if below else [])])
        self._missing(kind, node, given, found)
        item = self._keep(kind, node, found)
        if below and nested is not None:
            self._records(below, nested, item)

    def _missing(self, kind: Kind, node: Mapping, given: set[str], found: dict[str, Any]) -> None:
        for entry in kind.properties:
            if not values.is_required(kind, entry):
                continue
            # What was given and is wrong has its own sentence, and is None here.
            value = found[entry.name]
            if entry.name not in given or (isinstance(value, str) and not value.strip()):
                self.add(node.line, _("“%(word)s” is missing.") % {"word": entry.word})
        moments = found.get("publish_at"), found.get("archive_at")
        if moments[1] and (not moments[0] or moments[1] <= moments[0]):
            self.add(node.line, _("A page can be archived only after the moment it was published."))
        if kind.name == "symptom" and found["leads_to"] and found["checks"]:
            self.add(node.line, _("A situation that leads to another guide has no checks."))
        if kind.name == "symptom" and found["leads_to"] and found["leads_to"] == found["guide"]:
            self.add(node.line, _("A symptom cannot lead to the guide it stands in."))

    def _keep(self, kind: Kind, node: Mapping, found: dict[str, Any]) -> Item:
        item = Item(kind, key_of(kind, {**found, "slug": found.get("slug") or ""}), found, line(node.line))
        twin = self.content.find(kind.name, item.key)
        if twin is not None:
            self.add(
                node.line,
                _("“%(key)s” is there twice as a %(kind)s; the other one: %(place)s.")
                % {"key": item.key, "kind": kind.verbose_name, "place": twin.place},
            )
        else:
            self.content.add(item)
        if item.number is not None and self.numbers.setdefault(item.number, item) is not item:
            self.add(
                node.line,
                _("the number %(number)d is there twice; the other one: %(place)s.")
                % {"number": item.number, "place": self.numbers[item.number].place},
            )
        return item

    # Values

    def _value(self, kind: Kind, entry: Property, node: Node, found: dict[str, Any]) -> None:
        if is_nothing(node):
            return
        try:
            if entry.form is Form.FORMER:
                found[entry.name] = self._former(node)
            elif entry.form is Form.MANY:
                found[entry.name] = self._many(entry, node)
            elif isinstance(node, Scalar):
                found[entry.name] = None
                found[entry.name] = values.single(kind, entry, node.text)
            else:
                raise values.Wrong(_("a text is expected, not a list."))
        except values.Wrong as wrong:
            if entry.form is Form.TEXT:
                found[entry.name] = found[entry.name] or "?"  # so that nobody is told that it is missing too
            self.add(node.line, f"“{entry.word}”: {wrong}")

    def _many(self, entry: Property, node: Node) -> tuple[str, ...]:
        if not isinstance(node, Sequence):
            raise values.Wrong(_("a list is expected, each line beginning with “-”."))
        keys = []
        for one in node.nodes:
            if not isinstance(one, Scalar):
                raise values.Wrong(_("a list of slugs is expected."))
            keys.append(values.text(one.text))
        if twice := [key for place, key in enumerate(keys) if key in keys[:place]]:
            raise values.Wrong(_("“%(key)s” is in the list twice.") % {"key": twice[0][:80]})
        # Checks have an order, the others none.
        return tuple(keys) if entry.name == "checks" else tuple(sorted(keys))

    def _former(self, node: Node) -> tuple[Former, ...]:
        if not isinstance(node, Sequence):
            raise values.Wrong(_("a list is expected, each line beginning with “-”."))
        return tuple(self._former_address(one) for one in node.nodes)

    def _former_address(self, node: Node) -> Former:
        words = {"slug": "", "in guide": "0", "until": ""}
        pairs = node.pairs if isinstance(node, Mapping) else []
        for key, value in pairs:
            if key.text not in words or not isinstance(value, Scalar):
                raise values.Wrong(_("a former address has “slug”, “in guide” and “until”."))
            words[key.text] = value.text
        slug = values.text(words["slug"])
        if not slug or len(slug) > 80 or not all(sign.isascii() and (sign.isalnum() or sign in "-_") for sign in slug):
            raise values.Wrong(_("the slug of a former address is missing or not one."))
        scope = values.number(words["in guide"], 0, HIGHEST_NUMBER)
        return Former(slug, scope, values.moment(words["until"]))


def is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain and node.text in values.NOTHING
