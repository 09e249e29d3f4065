"""Texts as YAML scalars that people can read: blocks wherever YAML allows them.

PyYAML's emitter puts a text of several lines between quotation marks as soon as one line ends with a space (a line
break in Markdown), escapes what an editor wrote, and takes ten times as long.
"""

from __future__ import annotations

import re
from textwrap import wrap

from yaml import ScalarNode
from yaml.resolver import Resolver

WIDTH = 110
# Characters with a meaning of their own inside a block or a plain line: controls, further line breaks, the byte order
# mark, surrogates.
_SPECIAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_PLAIN_START = re.compile(r"[A-Za-z(/]")
_RESOLVER = Resolver()
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def scalar(text: str, indent: int) -> str:
    """Return the text as it follows "key: ", a block under the key indented by so many spaces."""
    if _SPECIAL.search(text) or not text.strip("\n"):
        return quoted(text)
    if "\n" in text:
        return literal(text, indent)
    if len(text) + indent > WIDTH and all(text.split(" ")):
        lines = wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
        return "\n".join([">-", *(" " * indent + line for line in lines)])
    return text if is_plain(text) else quoted(text)


def is_plain(text: str) -> bool:
    """Return whether every YAML parser reads the text as itself without quotation marks."""
    if not _PLAIN_START.match(text) or text != text.strip() or text.endswith(":") or ": " in text or " #" in text:
        return False
    return bool(_RESOLVER.resolve(ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str")


def quoted(text: str) -> str:
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES or not _SPECIAL.match(character):
        return _ESCAPES.get(character, character)
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def literal(text: str, indent: int) -> str:
    """Return a block with the text line by line; the sign after the bar tells how many line breaks end the text."""
    body = text.rstrip("\n")
    breaks = len(text) - len(body)
    sign = "-" if not breaks else "" if breaks == 1 else "+"
    # A text that begins with a space or a line break would hide where the block's own indentation ends.
    width = "2" if text[0] in " \n" else ""
    lines = [" " * indent + line if line else "" for line in body.split("\n")] + [""] * (breaks - 1)
    return "\n".join([f"|{width}{sign}", *lines])
