"""The work list and the map show what the publish check finds, whatever its rules are: here it has none of its own."""

from __future__ import annotations

import pytest

from helpdesk.publishcheck import rules


@pytest.fixture(autouse=True)
def without_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the portal's rules aside; a test registers those it is about."""
    monkeypatch.setattr(rules, "_rules", {})
    monkeypatch.setattr(rules, "_common_rules", [])
