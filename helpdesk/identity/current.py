"""The identity of the portal now: what the record says, else what the settings say."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils.safestring import mark_safe

from helpdesk.identity.accent import accent_of
from helpdesk.identity.links import links_in, logo_in
from helpdesk.identity.memo import NONE, KnownIdentity, memo
from helpdesk.identity.models import Identity
from helpdesk.identity.style import csp_source, logo_style, style_of
from helpdesk.outside.links import addresses_of
from helpdesk.text.outside_links import written_in


def identity(version: Any = None) -> KnownIdentity:
    """Return the identity as pages of a version of the content show it. At most two queries a second.

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
    """Read the record. One query, and one more for the addresses of outside pages that its links name."""
    record = Identity.objects.first()
    if record is None:
        return NONE
    logo, dark_logo = logo_in(record.logo), logo_in(record.dark_logo)
    style = _style(record.accent) + (logo_style(has_dark=dark_logo is not None) if logo else "")
    named = written_in(record.header_links + record.footer_links)
    outside = addresses_of(named) if named else {}
    return KnownIdentity(
        name=record.name,
        operator=record.operator,
        style=mark_safe(style),  # noqa: S308 - made of colors that were parsed
        style_source=csp_source(style) if style else "",
        logo=logo,
        dark_logo=dark_logo if logo else None,
        header_links=links_in(record.header_links, outside),
        footer_links=links_in(record.footer_links, outside),
    )


def _style(color: str) -> str:
    """Return the style of an accent; empty for a color that got past validation, which no page can show."""
    try:
        return style_of(accent_of(color)) if color else ""
    except ValueError:
        return ""
