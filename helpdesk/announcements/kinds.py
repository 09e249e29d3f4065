"""Content kind of announcements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

from django.utils.translation import gettext

from helpdesk.announcements.models import Announcement
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind


def announcement_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each contradiction between the imported values of an announcement."""
    starts_at, ends_at = (cast("datetime | None", values[name]) for name in ("starts_at", "ends_at"))
    if starts_at and ends_at and ends_at <= starts_at:
        yield gettext("An announcement must end after it starts.")
    if bool(values["link"]) != bool(values["link_text"]):
        yield gettext("Enter both the link and its text, or neither.")


ANNOUNCEMENT = ContentKind(
    name="announcement",
    model=Announcement,
    is_on_pages=True,
    moments=("starts_at", "ends_at"),
    links=("link",),
    bundle=BundleFormat(
        key=("title", "starts_at"),
        words={"symptoms": "situations", "is_limited": "chosen pages only"},
        omitted=("updated_at",),
        conflicts=announcement_conflicts,
    ),
)

KINDS = (ANNOUNCEMENT,)
