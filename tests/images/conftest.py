"""Each test has a folder for uploads of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """The folder for uploads; like that of a fresh portal, it is not there yet."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
