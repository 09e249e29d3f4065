"""A small part of the hostile load; `python -m tests.attacks.hostile` is all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks import hostile
from tests.serving import Server

HOW_MANY = 600


# On each database: the fixture is what says so, and its rows are not what the server reads.
@pytest.mark.django_db
def test_hostile_requests_break_nothing_and_good_visitors_are_served(attacked: tuple[Server, Path]) -> None:
    portal, said = attacked
    report = hostile.attack(portal, HOW_MANY)
    text = said.read_text(errors="replace")
    assert report.faults == []
    assert "Traceback" not in text
    assert report.statuses.total() == HOW_MANY
    # They did come as far as the pages, and were refused as well.
    assert {200, 302, 303, 400, 403, 404, 422} <= report.statuses.keys()
    assert report.good > 50
