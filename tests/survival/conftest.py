"""One portal for all tests here, as operators run it, on the kind of database that is tested."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.survival import killing
from tests.survival.places import own_database


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[killing.Supervisor]:
    folder: Path = tmp_path_factory.mktemp("portal")
    with own_database() as database, killing.serving(folder, database) as server:
        yield server
