"""docs/security.md: a line for each attack, and in each line tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
LINES = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (PROJECT / "docs" / "security.md").read_text().splitlines()
    if re.match(r"\| \d", line)
]


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((PROJECT / "tests" / file).read_text())
    found = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return frozenset(name.removeprefix("test_") for name in found if name.startswith("test_"))


def test_every_attack_has_its_line() -> None:
    assert [line[0] for line in LINES] == [str(number) for number in range(1, len(LINES) + 1)]
    assert len(LINES) >= 66


@pytest.mark.parametrize("line", LINES, ids=[line[0] for line in LINES])
def test_line_names_tests_that_exist(line: list[str]) -> None:
    named = line[3]
    assert len(line) == 4
    tests = re.findall(r"`([\w/]+\.py)::(\w+)`", named)
    assert tests
    assert re.sub(r"`[\w/]+\.py::\w+`\s*", "", named) == ""
    assert [f"{file}::{name}" for file, name in tests if name not in functions_of(file)] == []
