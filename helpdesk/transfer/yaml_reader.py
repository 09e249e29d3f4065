"""Reader of YAML files as PyYAML's nodes, which know their lines; only the YAML that bundles use.

No node is constructed, and there are no aliases, no tags and no deep nesting: nothing in a file can create objects,
repeat itself without end, or exhaust the stack.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from django.utils.translation import gettext

from helpdesk.transfer.errors import ImportRefused, line_text

# A former address of an entry of a category of a file is on the ninth level.
MAX_DEPTH = 12
MAX_EVENTS = 3_000_000


def read_yaml(text: str) -> yaml.Node:
    """Return the root of the one document in the text. Raises ImportRefused, with the line where there is one."""
    try:
        _refuse_unusual(yaml.parse(text, Loader=yaml.CSafeLoader))
        root = yaml.compose(text, Loader=_NodeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{line_text(mark.line + 1)}: " if mark else ""
        why = gettext("this isn't valid YAML (%(why)s).") % {"why": error.problem or error.context}
        raise ImportRefused(place + why) from None
    except (yaml.YAMLError, UnicodeError) as error:
        why = getattr(error, "reason", "") or str(error).partition("\n")[0]
        raise ImportRefused(gettext("The file isn't valid YAML (%(why)s).") % {"why": why}) from None
    if root is None:
        raise ImportRefused(gettext("The file is empty."))
    return root


def line_of(node: yaml.Node) -> str:
    return line_text(node.start_mark.line + 1)


def plain(node: yaml.Node) -> object:
    """Return a node as texts, lists and dictionaries."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return list(map(plain, node.value)) if isinstance(node, yaml.SequenceNode) else node.value


class _NodeLoader(yaml.CSafeLoader):
    """The fast parser, without types of scalars: what one means follows from its field, not from its form."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""


def _refuse_unusual(events: Iterable[Any]) -> None:
    """Raise ImportRefused at the first event that no bundle has, before any node is made."""
    # Of each collection that is open, whether a key comes next; None for a list.
    is_key: list[bool | None] = []
    for count, event in enumerate(events):
        sentence = ""
        if isinstance(event, yaml.NodeEvent):
            sentence = _fault(event, is_key)
            if is_key and is_key[-1] is not None:
                is_key[-1] = not is_key[-1]
            if isinstance(event, yaml.CollectionStartEvent):
                is_key.append(True if isinstance(event, yaml.MappingStartEvent) else None)
        elif isinstance(event, yaml.CollectionEndEvent):
            is_key.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and count > 1:
            sentence = gettext("%(line)s: a second document begins here. A bundle can have only one.")
        if sentence:
            raise ImportRefused(sentence % {"line": line_text(event.start_mark.line + 1)})
        if count > MAX_EVENTS:
            raise ImportRefused(gettext("The file has too many entries. Split it into several files."))


def _fault(event: Any, is_key: list[bool | None]) -> str:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        return gettext("%(line)s: YAML references (& and *) aren't supported.")
    if event.tag:
        return gettext("%(line)s: YAML types (!) aren't supported.")
    if len(is_key) > MAX_DEPTH:
        return gettext("%(line)s: this is nested too deeply.")
    if is_key and is_key[-1] and not isinstance(event, yaml.ScalarEvent):
        return gettext("%(line)s: a key must be a word.")
    return ""
