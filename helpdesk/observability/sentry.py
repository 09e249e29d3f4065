"""Error reports to Sentry, when SENTRY_DSN is set: what failed and where, and nothing about who was there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from helpdesk.observability.request_context import request_id, route

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

# Scanners are refused all day, which is no error of ours.
_IGNORED_LOGGERS = "django.security"


def connect(dsn: str) -> None:
    """Report every error in the log from here on.

    The library's defaults are off: they read requests, forms and variables. It sends nothing before an error, from a
    thread of its own, so a Sentry that does not answer delays nobody.
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
        before_send=anonymize,
    )


def anonymize(event: Event, hint: Hint) -> Event | None:
    """Return the event without a visitor's data: of a message its pattern remains, of an exception type and place."""
    if (event.get("logger") or "").startswith(_IGNORED_LOGGERS):
        return None
    # What the library finds out about visitors, and about the machine.
    event.pop("request", None)
    event.pop("user", None)
    event.pop("extra", None)
    event.pop("breadcrumbs", None)
    event.pop("modules", None)
    if entry := event.get("logentry"):
        event["logentry"] = {"message": entry.get("message", "")}
    for error in event.get("exception", {}).get("values", []):
        error["value"] = ""
    event["transaction"] = route()
    event.setdefault("tags", {})["request"] = request_id()
    return event
