"""Context processor of the portal's identity. No query but that of `current.identity`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from helpdesk.identity.current import identity, operator_name, portal_name
from helpdesk.identity.memo import memo
from helpdesk.pagecache.version import PAGE_VERSION


def portal_identity(request: HttpRequest) -> dict[str, Any]:
    """Return the names of the portal and its operator, and the rest of its identity.

    A page of an error asks no database. The style in the head is allowed by `SecurityHeadersMiddleware`, which comes
    after the page.
    """
    asks_none = getattr(request, "asks_no_database", False)
    known = memo.last() if asks_none else identity(request.META.get(PAGE_VERSION))
    if known.style_source:
        request.style_source = known.style_source  # type: ignore[attr-defined]
    return {"portal_name": portal_name(known), "operator_name": operator_name(known), "identity": known}
