"""Plants a fault in a draft and shows that no way leads it to visitors; and that it can go live once it is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from helpdesk.content.publishing import State
from helpdesk.publishcheck.validation import UnpublishableError, validate_publishable
from tests.contentadmin.forms import list_url, read_form, save

LIVE = {"publish_at_0": "2026-01-05", "publish_at_1": "09:00:00"}
# The draft with its fault, and what takes the fault away.
Fault = tuple[Any, Callable[[], Any]]


def codes(error: Any) -> set[str]:
    return {one.code for one in error.error_list}


def form_codes(response: Any) -> set[str]:
    """The rules that a form was refused by."""
    data = response.context["adminform"].form.errors.as_data()
    return {error.code for errors in data.values() for error in errors}


def checked(*options: str) -> str:
    """What the command says, and "failed:" before its last line where it ends with 1."""
    out = StringIO()
    try:
        call_command("check_content", *options, stdout=out, stderr=StringIO())
    except CommandError as failed:
        out.write(f"failed: {failed}")
    return out.getvalue()


def publish_action(client: Client, *pages: Model) -> Any:
    data = {"action": "publish_now", "_selected_action": [page.pk for page in pages]}
    return client.post(list_url(type(pages[0])), data, follow=True)


def state(page: Any) -> State:
    return type(page)._default_manager.get(pk=page.pk).state


def publish_without_asking(page: Any, moment: datetime | None) -> None:
    type(page)._default_manager.filter(pk=page.pk).update(publish_at=moment)


def assert_kept_from_visitors(client: Client, page: Any, rule: str) -> None:
    """The rule, and no other, refuses a draft in the form, in the list, and to other parts; the command names it."""
    publish_without_asking(page, timezone.now())
    with pytest.raises(UnpublishableError) as refused:
        validate_publishable(page)
    publish_without_asking(page, None)
    assert codes(refused.value) == {rule}
    response = save(client, page, **LIVE)
    assert (response.status_code, form_codes(response), state(page)) == (200, {rule}, State.DRAFT)
    assert read_form(response)["publish_at_0"] == [LIVE["publish_at_0"]]
    publish_action(client, page)
    assert state(page) == State.DRAFT
    publish_without_asking(page, timezone.now())
    said = checked()
    publish_without_asking(page, None)
    assert f"[{rule}]" in said
    assert "\nfailed: " in said


def assert_goes_live(client: Client, page: Any) -> None:
    assert save(client, page, **LIVE).status_code == 302
    assert state(page) == State.PUBLISHED
    said = checked()
    assert "failed: " not in said, said


def assert_fault_is_kept_from_visitors_until_mended(client: Client, fault: Fault, rule: str) -> None:
    page, mend = fault
    assert_kept_from_visitors(client, page, rule)
    mend()
    assert_goes_live(client, page)


def change(record: Any, **values: Any) -> Callable[[], Any]:
    """What changes a stored record, past all checks."""
    return lambda: type(record)._default_manager.filter(pk=record.pk).update(**values)
