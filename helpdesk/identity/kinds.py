"""Content kind of the identity."""

from __future__ import annotations

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind
from helpdesk.identity.models import Identity

IDENTITY = ContentKind(
    name="identity",
    model=Identity,
    is_on_pages=True,
    bundle=BundleFormat(section="identity", words={"accent": "accent color"}, omitted=("updated_at",)),
)

KINDS = (IDENTITY,)
