"""A YAML file as nodes that know their lines. Only the YAML of bundles: no aliases, no tags, no deep nesting.

PyYAML's parser gives the events; what they mean is decided here. So nothing in a file can make objects, repeat itself
without end or nest deeper than the reader can go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from helpdesk.transfer.errors import Refused, line

# A former address of an entry of a category of a file stands on the ninth level.
DEEPEST = 12
MOST_NODES = 3_000_000


@dataclass(slots=True)
class Scalar:
    text: str
    is_plain: bool  # without quotation marks, so that it may stand for something else than itself
    line: int


@dataclass(slots=True)
class Sequence:
    line: int
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    line: int
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list)


Node = Scalar | Sequence | Mapping


def read(text: str) -> Node:
    """The one document of the text. Raises Refused, with the line, for what is not YAML or not of this kind."""
    try:
        return _document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{line(mark.line + 1)}: " if mark else ""
        why = _("this is not valid YAML (%(why)s).") % {"why": error.problem or error.context}
        raise Refused(place + why) from None
    except (yaml.YAMLError, UnicodeError) as error:
        why = getattr(error, "reason", "") or str(error).partition("\n")[0]
        raise Refused(_("The file is not valid YAML (%(why)s).") % {"why": why}) from None


def _document(events: Iterator[Any]) -> Node:
    root: Node | None = None
    open_nodes: list[Sequence | Mapping] = []
    keys: list[Scalar | None] = []  # for each open mapping the key that waits for its value
    count = documents = 0
    for event in events:
        at = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise Refused(_("%(line)s: a bundle is one document; a second one begins here.") % {"line": line(at)})
            continue
        if isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            open_nodes.pop()
            keys.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        count += 1
        _refuse_what_bundles_do_not_use(event, at, len(open_nodes), count)
        node = _node(event, at)
        if not open_nodes:
            root = node
        elif isinstance(parent := open_nodes[-1], Sequence):
            parent.nodes.append(node)
        elif (key := keys[-1]) is None:
            if not isinstance(node, Scalar):
                raise Refused(_("%(line)s: a key has to be a word.") % {"line": line(at)})
            keys[-1] = node
        else:
            parent.pairs.append((key, node))
            keys[-1] = None
        if not isinstance(node, Scalar):
            open_nodes.append(node)
            keys.append(None)
    if root is None:
        raise Refused(_("The file is empty."))
    return root


def _node(event: Any, at: int) -> Node:
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, bool(event.implicit[0]), at)
    return Sequence(at) if isinstance(event, yaml.SequenceStartEvent) else Mapping(at)


def _refuse_what_bundles_do_not_use(event: Any, at: int, depth: int, count: int) -> None:
    if isinstance(event, yaml.AliasEvent) or event.anchor:
        raise Refused(_("%(line)s: references of YAML (& and *) are not used in bundles.") % {"line": line(at)})
    if event.tag:
        raise Refused(_("%(line)s: types of YAML (!) are not used in bundles.") % {"line": line(at)})
    if depth > DEEPEST:
        raise Refused(_("%(line)s: this is nested too deeply.") % {"line": line(at)})
    if count > MOST_NODES:
        raise Refused(_("The file has too many entries."))
