"""Reader of YAML files as PyYAML's nodes, which know their lines; only the YAML that bundles use.

No node is constructed, and there are no aliases, no tags and no deep nesting: nothing in a file can create objects,
repeat itself without end, or exhaust the stack.
"""

from __future__ import annotations

from typing import Any, NoReturn

import yaml
from django.utils.translation import gettext
from yaml.composer import Composer

from helpdesk.transfer.errors import ImportRefused, line_text

# A former address of an entry of a category of a file is on the ninth level.
MAX_DEPTH = 12
MAX_NODES = 2_000_000


def read_yaml(text: str) -> yaml.Node:
    """Return the root of the one document in the text. Raises ImportRefused, with the line where there is one."""
    try:
        return _Loader(text).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{line_text(mark.line + 1)}: " if mark else ""
        why = gettext("this is not valid YAML (%(why)s).") % {"why": error.problem or error.context}
        raise ImportRefused(place + why) from None
    except (yaml.YAMLError, UnicodeError) as error:
        why = getattr(error, "reason", "") or str(error).partition("\n")[0]
        raise ImportRefused(gettext("The file is not valid YAML (%(why)s).") % {"why": why}) from None


def line_of(node: yaml.Node) -> str:
    return line_text(node.start_mark.line + 1)


def plain(node: yaml.Node) -> object:
    """Return a node as texts, lists and dictionaries."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return list(map(plain, node.value)) if isinstance(node, yaml.SequenceNode) else node.value


class _Loader(Composer, yaml.CSafeLoader):
    """The fast parser with the composer in Python, so that each node is checked before it is read."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        Composer.__init__(self)
        self.depth = self.count = 0

    def document(self) -> yaml.Node:
        self.get_event()
        if self.check_event(yaml.StreamEndEvent):
            raise ImportRefused(gettext("The file is empty."))
        self.get_event()
        root = self.compose_node(None, None)
        self.get_event()
        if not self.check_event(yaml.StreamEndEvent):
            self.refuse(gettext("%(line)s: a bundle is one document; a second one begins here."))
        return root

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()
        self.count += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            self.refuse(gettext("%(line)s: references of YAML (& and *) are not used in bundles."))
        if event.tag:
            self.refuse(gettext("%(line)s: types of YAML (!) are not used in bundles."))
        if self.depth > MAX_DEPTH:
            self.refuse(gettext("%(line)s: this is nested too deeply."))
        if self.count > MAX_NODES:
            raise ImportRefused(gettext("The file has too many entries."))
        if isinstance(parent, yaml.MappingNode) and index is None and not isinstance(event, yaml.ScalarEvent):
            self.refuse(gettext("%(line)s: a key has to be a word."))
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def refuse(self, sentence: str) -> NoReturn:
        event: Any = self.peek_event()
        raise ImportRefused(sentence % {"line": line_text(event.start_mark.line + 1)})

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """Do nothing: what a scalar means follows from its field, not from its form."""

    def ascend_resolver(self) -> None:
        """Do nothing, as above."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return ""
