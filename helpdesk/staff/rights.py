"""Who may do what with a record, asked in one place."""

from __future__ import annotations

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest


def may(request: HttpRequest, action: str, record: Model) -> bool:
    """Whether this user may "view", "change", "delete" or "publish" the record as it is stored.

    The record's own admin knows. False for a record without one, and for "publish" where nothing is published.
    """
    record_admin = admin.site._registry.get(type(record))
    allowed = getattr(record_admin, f"has_{action}_permission", None)
    return bool(allowed and allowed(request, record))


def require(request: HttpRequest, action: str, record: Model) -> None:
    """Raises PermissionDenied where the user may not."""
    if not may(request, action, record):
        raise PermissionDenied
