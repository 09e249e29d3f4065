"""CONTRIBUTING.md shows the code as it is."""

from __future__ import annotations

import re

from tests.contributing import PAGE, PROJECT, written


def test_map_and_import_order_follow_the_code() -> None:
    assert PAGE.read_text() == written(PAGE.read_text()), "Run: python -m tests.contributing"


def test_every_path_named_in_the_documentation_exists() -> None:
    pages = [PAGE, PROJECT / "README.md", *(PROJECT / "docs").rglob("*.md")]
    named = {
        (page.name, path)
        for page in pages
        for path in re.findall(
            r"`((?:helpdesk|tests|templates|static|fixtures|deploy|docs)/[\w./-]+)`", page.read_text()
        )
    }
    assert len(named) > 20
    assert {(page, path) for page, path in named if not (PROJECT / path).exists()} == set()
