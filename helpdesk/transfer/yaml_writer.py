"""YAML as people read it: texts as blocks, nothing empty, always in the same order.

PyYAML's own writer puts texts of several lines between quotation marks as soon as one of them ends with a blank, and
turns what an editor wrote into escapes. Here a text is a block wherever YAML allows one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from yaml import ScalarNode
from yaml.resolver import Resolver

WIDTH = 110
# What YAML may take for something else inside a block or a plain line: control characters, its further line breaks,
# the byte order mark, halves of characters.
_SPECIAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PLAIN_START = re.compile(r"[A-Za-z(/]")
_RESOLVER = Resolver()
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def scalar(text: str, indent: int) -> str:
    """The text as it stands after "key: ", a block under it indented by so many blanks."""
    if _SPECIAL.search(text) or not text.strip("\n"):
        return quoted(text)
    if "\n" in text:
        return literal(text, indent)
    if len(text) + indent > WIDTH and is_words(text):
        return folded(text, indent)
    return text if is_plain(text) else quoted(text)


def is_plain(text: str) -> bool:
    """Whether the text means itself without quotation marks, to every program that reads YAML."""
    if not _PLAIN_START.match(text) or text != text.strip() or text.endswith(":") or ": " in text or " #" in text:
        return False
    return _RESOLVER.resolve(ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"


def is_words(text: str) -> bool:
    """Whether the text is words with one blank between them, so that it can be broken anywhere."""
    return text == " ".join(text.split(" ")) and all(text.split(" "))


def quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if not _SPECIAL.match(character):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def literal(text: str, indent: int) -> str:
    """A block with the text line by line. The sign after the bar says how many line breaks end the text."""
    body = text.rstrip("\n")
    breaks = len(text) - len(body)
    sign = "-" if not breaks else "" if breaks == 1 else "+"
    # A text that begins with a blank or a line break would hide where the block's own indentation ends.
    own = "2" if text[0] in " \n" else ""
    lines = [" " * indent + line if line else "" for line in body.split("\n")] + [""] * (breaks - 1)
    return "\n".join([f"|{own}{sign}", *lines])


def folded(text: str, indent: int) -> str:
    """A block of lines that are one line to who reads the file."""
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) + 1 + indent > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([">-", *(" " * indent + part for part in (*lines, line))])


class Records(list):
    """A list of mappings with an empty line before each, so that one sees where a record begins."""


Pair = tuple[str, "str | list"]


def mapping(pairs: Sequence[Pair], indent: int) -> Iterator[str]:
    """Lines of a mapping. A value is text that is YAML already, a list of such texts, or a list of mappings."""
    blanks = " " * indent
    for key, value in pairs:
        if isinstance(value, str):
            yield f"{blanks}{key}: {value}"
        else:
            yield f"{blanks}{key}:"
            yield from sequence(value, indent + 2)


def sequence(values: Sequence[str | Sequence[Pair]], indent: int) -> Iterator[str]:
    """Lines of a list of texts that are YAML already, or of mappings."""
    blanks = " " * indent
    for value in values:
        if isinstance(values, Records):
            yield ""
        if isinstance(value, str):
            yield f"{blanks}- {value}"
            continue
        lines = iter(mapping(value, indent + 2))
        first = next(lines)
        yield f"{blanks}- {first[indent + 2 :]}"
        yield from lines
