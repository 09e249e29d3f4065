"""Content kind of outside pages."""

from __future__ import annotations

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind
from helpdesk.outside.models import OutsidePage

OUTSIDE_PAGE = ContentKind(
    name="outside-page",
    model=OutsidePage,
    is_on_pages=True,
    bundle=BundleFormat(omitted=("updated_at",)),
)

KINDS = (OUTSIDE_PAGE,)
