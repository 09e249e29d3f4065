"""Name of the portal in authenticator apps, for the settings."""

from __future__ import annotations


def totp_issuer(device: object) -> str:
    """Return the portal's name. The settings name this function before models can be imported."""
    from helpdesk.identity.current import portal_name

    return portal_name()
