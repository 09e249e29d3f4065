"""Errors on their way to Sentry, when SENTRY_DSN names one: what broke and where, and nothing of who was there."""

from __future__ import annotations

import logging
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from helpdesk.observability import requests

# Where the library puts what it finds out about visitors, and about the machine.
_LEFT_OUT = ("request", "user", "extra", "breadcrumbs", "modules")

# What scanners send is refused all day, and is no error of ours.
_NO_ERRORS = "django.security"


def begin(dsn: str) -> None:
    """From now on each error in the log goes there as well.

    What the library would do by itself is off: it reads requests, forms and variables. It sends nothing before an
    error, and a Sentry that does not answer delays nobody, since a thread of its own sends.
    """
    sentry_sdk.init(
        dsn=dsn,
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[
            LoggingIntegration(level=None, event_level=logging.ERROR),
            AtexitIntegration(callback=lambda pending, timeout: None),
            DedupeIntegration(),
            ExcepthookIntegration(),
        ],
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_send=without_persons,
    )


def without_persons(event: Any, hint: dict[str, Any]) -> Any:
    """The event without what may be a visitor's: of messages the pattern stays, of exceptions kind and place."""
    if event.get("logger", "").startswith(_NO_ERRORS):
        return None
    for name in _LEFT_OUT:
        event.pop(name, None)
    if said := event.get("logentry"):
        event["logentry"] = {"message": said.get("message", "")}
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    event["transaction"] = requests.route()
    event.setdefault("tags", {})["request"] = requests.number()
    return event
