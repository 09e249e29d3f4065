"""The tests here do harm to the one portal that serves during the run."""

from __future__ import annotations

import pytest

from tests.survival import killing


@pytest.fixture
def portal(serving_portal: killing.Supervisor) -> killing.Supervisor:
    return serving_portal
