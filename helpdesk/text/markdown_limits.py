"""Estimate of the work of converting a Markdown text, before any of it is done.

The converter looks for the end of each bracket and tag in all that follows, numbers equal headings one by one, and
opens boxes inside boxes. What people write costs it nothing to speak of; a few thousand brackets would keep a process
busy for minutes. So the steps of these searches are estimated here, in one pass over the text.
"""

from __future__ import annotations

import re

# Far more than anybody writes on one page: some forty printed ones.
LONGEST = 100_000
# About as many steps as half a second has; what people write takes some thousands.
MOST_STEPS = 1_000_000

_BLOCKS = re.compile(r"\n[ \t]*\n")
_BRACKETS = re.compile(r"[\[\]()]")
_TAGS = re.compile(r"<(?=[A-Za-z/!?])|>")
_HEADINGS = re.compile(r"^[ >]*(?:#|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
_MARKS = re.compile(r"[*_~`+\\<>]|^[ >]*(?:-|[0-9]+\.)[ \t]", re.MULTILINE)
_BOXES = re.compile(r"^[ >]*(?:!!!|\?\?\?)", re.MULTILINE)


def is_too_much(text: str) -> bool:
    """Return whether converting a text would take longer than a page may take."""
    return len(text) > LONGEST or steps(text) > MOST_STEPS


def steps(text: str) -> int:
    """Return the estimated number of steps of all constructs that are searched more than once."""
    searched = sum(_steps_of_brackets(block) for block in _BLOCKS.split(text))
    headings, boxes = len(_HEADINGS.findall(text)), len(_BOXES.findall(text))
    marks = len(_MARKS.findall(text))
    return searched + _steps_of_tags(text) // 4 + headings**2 // 2 + boxes**2 + marks**2 // 20


def _steps_of_brackets(block: str) -> int:
    """Count from each opening bracket to the one that closes it, or to the end where none does."""
    total, square, round_ = 0, [], []
    for found in _BRACKETS.finditer(block):
        sign, place = found[0], found.start()
        if sign == "[":
            square.append(place)
        elif sign == "(":
            round_.append(place)
        elif opened := square if sign == "]" else round_:
            total += place - opened.pop()
    return total + sum(len(block) - place for place in (*square, *round_))


def _steps_of_tags(text: str) -> int:
    """Count from each start of a tag to the next end of one, or to the end of the text."""
    total, opened, first = 0, 0, 0
    for found in _TAGS.finditer(text):
        if found[0] == "<":
            opened += 1
            first += found.start()
        else:
            total += opened * found.start() - first
            opened = first = 0
    return total + opened * len(text) - first
