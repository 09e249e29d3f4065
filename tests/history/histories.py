"""Histories that go back some days, and what their pages say, for the tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db.models import Max
from django.test import Client
from django.urls import reverse

from helpdesk.history.versions import history_of, is_versioned
from tests.browsing import Page
from tests.contentadmin.forms import messages_of, url_of


def day(number: int, hour: int = 12) -> datetime:
    """A day of March 2026, at noon unless said otherwise."""
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@contextmanager
def on(moment: datetime) -> Iterator[None]:
    """What is changed inside counts as changed at a moment."""
    models = [model for model in apps.get_models() if is_versioned(model)]
    before = {model: history_of(model).aggregate(last=Max("history_id"))["last"] or 0 for model in models}
    yield
    for model, last in before.items():
        history_of(model).filter(history_id__gt=last).update(history_date=moment)


def version_url(record: Any, version: Any) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_simple_history", args=[version.id, version.history_id])


def at_url(record: Any) -> str:
    return url_of(record, "history_at")


def history(client: Client, record: Any, query: str = "") -> Any:
    response = client.get(url_of(record, "history") + query)
    assert response.status_code == 200
    return response


def told(response: Any) -> list[tuple[str, list[tuple[str, str, dict[str, str]]]]]:
    """What a history says: for each step who it was, and for each record its name, what happened, the changes."""
    return [
        (step.who, [(i.name, i.kind, {c.label: plain(c.short) for c in i.changes}) for i in step.items])
        for step in response.context["page_obj"]
    ]


def plain(html: str) -> str:
    """A difference as it is heard."""
    return Page("", html).text


def restore(client: Client, record: Any, version: Any, **form: Any) -> list[str]:
    """Puts a version back; the messages of the page that comes after."""
    response = client.post(version_url(record, version), form, follow=True)
    assert response.redirect_chain[0][1] == 302
    return messages_of(response)
