"""The cost of `kill -9` for visitors, in small; `python -m tests.survival` is the long form."""

from __future__ import annotations

import pytest

from tests.survival import killing

pytestmark = pytest.mark.database


def test_acknowledged_posts_when_workers_and_server_are_killed(portal: killing.Supervisor) -> None:
    result = killing.under_fire(portal, kills=3, posts_between=10)

    assert (result.lost, result.doubled, result.unanswered) == (0, 0, 0)
    assert result.acknowledged >= 40
    assert result.kills == {"worker": 1, "main process": 1, "whole server": 1}
