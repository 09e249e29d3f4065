"""The identity of the portal now: what the record says, else what the settings say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.safestring import mark_safe

from helpdesk.identity.accent import accent_of
from helpdesk.identity.memo import NONE, KnownIdentity, memo
from helpdesk.identity.models import Identity
from helpdesk.identity.style import csp_source, style_of


def identity(version: Any = None) -> KnownIdentity:
    """Return the identity as pages of a version of the content show it. At most one query a second.

    While the database does not answer, it is the one last read.
    """
    try:
        return memo.read(load_identity, version)
    except DatabaseError:
        return memo.last()


def portal_name(known: KnownIdentity | None = None) -> str:
    """Return the name of the portal."""
    return (known or identity()).name or settings.PORTAL_NAME


def operator_name(known: KnownIdentity | None = None) -> str:
    """Return the name of the organization behind the portal."""
    return (known or identity()).operator or settings.OPERATOR_NAME


def load_identity() -> KnownIdentity:
    """Read the record. One query."""
    record = Identity.objects.first()
    if record is None:
        return NONE
    style = _style(record.accent)
    return KnownIdentity(
        name=record.name,
        operator=record.operator,
        style=mark_safe(style),  # noqa: S308 - made of colors that were parsed
        style_source=csp_source(style) if style else "",
    )


def _style(color: str) -> str:
    """Return the style of an accent; empty for a color that got past validation, which no page can show."""
    try:
        return style_of(accent_of(color)) if color else ""
    except ValueError:
        return ""
