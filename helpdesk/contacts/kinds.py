"""Content kinds of contact points and their lines; the app `guides` registers them, as it has the tables."""

from __future__ import annotations

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind

CONTACT_POINT = ContentKind(
    name="contact-point",
    model=ContactPoint,
    history=("lines",),
    bundle=BundleFormat(
        words={"purpose": "for what", "preparation": "what to have ready", "details": "more to know"},
        omitted=("updated_at",),
    ),
)

CONTACT_LINE = ContentKind(
    name="contact-line",
    model=ContactLine,
    parent="contact_point",
    parent_title="name",
    bundle=BundleFormat(section="lines", words={"closed_days": "closed on"}, omitted=("updated_at",)),
)
