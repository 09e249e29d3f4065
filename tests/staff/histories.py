"""Histories that go back some days, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.apps import apps
from django.db.models import Max

from helpdesk.staff.versions import history_of, is_recorded


def day(number: int, hour: int = 12) -> datetime:
    """A day of March 2026, at noon unless said otherwise."""
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    """What is changed inside counts as changed at a moment."""
    models = [model for model in apps.get_models() if is_recorded(model)]
    before = {model: history_of(model).aggregate(last=Max("history_id"))["last"] or 0 for model in models}
    yield
    for model, last in before.items():
        history_of(model).filter(history_id__gt=last).update(history_date=moment)
