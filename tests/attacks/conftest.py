from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks import hostile
from tests.serving import Server


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fuzz-examples", type=int, default=0, help="how many examples the fuzzing of all addresses takes"
    )


@pytest.fixture(scope="session")
def attacked() -> Iterator[tuple[Server, Path]]:
    """A real server to do harm to, and the file with what it says."""
    with hostile.server() as running:
        yield running
