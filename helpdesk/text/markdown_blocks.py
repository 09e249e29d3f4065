"""Extension of the Markdown converter: lists and tables as CommonMark and GitHub have them.

- A list or a table may follow a sentence without an empty line between them (CommonMark 0.31.2, 5.2 and 5.3).
- "1)" begins a list as "1." does; what belongs to an item is indented as far as its text (5.2), not by four blanks.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.util import STX

# After fenced code and raw HTML have been put aside.
_AFTER_CODE = 15
# Blanks that the converter wants for each level of a list, and that may stand before an item of CommonMark's.
LEVEL, MOST_BEFORE_ITEM = 4, 3

_ITEM = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|[0-9]{1,9}[.)])(?P<gap>[ \t]+)(?=\S)")
# What may end a paragraph: a bullet, or a number that begins a list.
_FIRST_ITEM = re.compile(r" {0,3}(?:[-*+]|1[.)])[ \t]")
# No paragraph begins so: quotes, headings, boxes, code, rows of a table.
_NO_SENTENCE = re.compile(r"[ \t]*(?:[>#|]|!!!|\?\?\?)|\t| {4}")
_TABLE_RULE = re.compile(r" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


class MarkdownBlocks(Extension):
    """The extension, for the list of a converter."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_ListsAndTables(md), "lists_and_tables", _AFTER_CODE)


class _ListsAndTables(Preprocessor):
    """Write lists and tables as the converter wants them: an empty line before, and four blanks for each level."""

    def run(self, lines: list[str]) -> list[str]:
        found: list[str] = []
        places: list[int] = []  # column at which the text of each open list item begins
        in_paragraph = False  # in a further paragraph of an item, which only an empty line ends
        for at, line in enumerate(lines):
            before = lines[at - 1] if at else ""
            if not line.strip():
                found.append(line)
                continue
            if not places and _is_sentence(before) and (_FIRST_ITEM.match(line) or _begins_table(lines, at)):
                found.append("")
                before = ""
            is_item = bool(_ITEM.match(line))
            beside_code = before.strip().startswith(STX) or line.strip().startswith(STX)
            if before.strip() and (beside_code or (in_paragraph and is_item)):
                found.append("")  # beside code that was put aside, and after such a paragraph
                before = ""
            in_paragraph = not is_item and bool(places) and (in_paragraph or not before.strip())
            found.append(_placed(line, places, is_lazy=bool(before.strip())))
        return found


def _placed(line: str, places: list[int], *, is_lazy: bool) -> str:
    """Return the line with the indentation of its level, and keep book of the levels that are open."""
    indent = len(line) - len(line.lstrip(" "))
    item = None if _is_rule(line) else _ITEM.match(line)
    if item is None and is_lazy and places and indent - places[-1] <= MOST_BEFORE_ITEM:
        return line  # goes on with a sentence, however far it is indented
    begins = bool(places) or not is_lazy
    while places and indent < places[-1]:
        places.pop()
    level, own = len(places), places[-1] if places else 0
    if item is None or indent - own > MOST_BEFORE_ITEM or not begins:
        if not places:
            return line
        kept = indent if indent % LEVEL == 0 and indent >= LEVEL * (level + 1) else LEVEL * level + indent - own
        return " " * (kept if indent - own > MOST_BEFORE_ITEM else LEVEL * level) + line.lstrip(" ")
    places.append(len(item[0]) if len(item["gap"]) <= LEVEL else item.end("marker") + 1)
    return f"{' ' * (LEVEL * level)}{item['marker'].replace(')', '.')}{item['gap']}{line[item.end() :]}"


def _is_sentence(line: str) -> bool:
    return bool(line.strip()) and not _NO_SENTENCE.match(line)


def _is_rule(line: str) -> bool:
    """Return whether the line is a thematic break such as "* * *"."""
    signs = set(line.split()) if line.strip() else set()
    return len(signs) == 1 and signs <= {"*", "-"} and len(line.split()) > 2


def _begins_table(lines: list[str], at: int) -> bool:
    rule = lines[at + 1] if at + 1 < len(lines) else ""
    return "|" in lines[at] and "|" in rule and bool(_TABLE_RULE.fullmatch(rule))
