"""The tests here do harm to the one portal that serves during the run."""

from __future__ import annotations

import pytest

from tests.survival import killing


@pytest.fixture
def portal(serving_portal: killing.Supervisor) -> killing.Supervisor:
    """In good order, whatever the test before has done to it."""
    serving_portal.wait_until_all_are_well()
    return serving_portal
