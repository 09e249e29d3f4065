"""Content kinds of contact points and their lines; the app `guides` registers them, as it has the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext

from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind


def line_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for an imported line that says nothing."""
    if not (values["number"] or values["hours"] or values["note"]):
        yield gettext("A line needs a number, hours or a note.")


CONTACT_POINT = ContentKind(
    name="contact-point",
    model=ContactPoint,
    history=("lines",),
    bundle=BundleFormat(
        words={"purpose": "for what", "preparation": "what to have ready", "details": "more to know"},
        omitted=("updated_at",),
        moved={"phone": ("lines", "number"), "hours": ("lines", "note")},
    ),
)

CONTACT_LINE = ContentKind(
    name="contact-line",
    model=ContactLine,
    parent="contact_point",
    parent_title="name",
    bundle=BundleFormat(
        section="lines", words={"closed_days": "closed on"}, omitted=("updated_at",), conflicts=line_conflicts
    ),
)
