"""The clock of the machine is set back or forward while visitors write."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from helpdesk.feedback.models import UnmatchedWords
from helpdesk.feedback.rate_limit import POSTS_A_MINUTE
from tests.factories import make_guide


def test_posts_and_their_limit_go_on_when_the_clock_jumps(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    guide, client = make_guide(published=True), Client()
    now = timezone.now().replace(second=10)

    def statuses(count: int) -> list[int]:
        path = f"/guides/{guide.slug}/none/"
        return [client.post(path, {"words": f"It says {number}"}).status_code for number in range(count)]

    for jump in (timedelta(0), timedelta(days=-2), timedelta(days=2), timedelta(hours=-1)):
        monkeypatch.setattr(timezone, "now", lambda jump=jump: now + jump)
        assert statuses(POSTS_A_MINUTE + 2) == [303] * POSTS_A_MINUTE + [429] * 2, jump
    days = {now.date() + timedelta(days=days) for days in (0, -2, 2)} | {(now - timedelta(hours=1)).date()}
    assert UnmatchedWords.objects.count() == POSTS_A_MINUTE * len(days)
