"""Content kind of announcements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import cast

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements.models import Announcement
from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, SearchSource
from helpdesk.content.search_numbers import search_number
from helpdesk.content.search_text import SearchPassage, SearchText
from helpdesk.text.markdown import plain
from helpdesk.web.urls import path_of


def announcement_conflicts(values: Mapping[str, object]) -> Iterator[str]:
    """Yield a sentence for each contradiction between the imported values of an announcement."""
    starts_at, ends_at = (cast("datetime | None", values[name]) for name in ("starts_at", "ends_at"))
    if starts_at and ends_at and ends_at <= starts_at:
        yield gettext("An announcement must end after it starts.")
    if bool(values["link"]) != bool(values["link_text"]):
        yield gettext("Enter both the link and its text, or neither.")


def announcement_search_text(announcement: Announcement) -> SearchText | None:
    """Return the text of an announcement, which leads to its link, or to the home page, where it is shown in full.

    None for one whose pages were all deleted.
    """
    if announcement.is_limited and not (announcement.guides.all() or announcement.symptoms.all()):
        return None
    return SearchText(
        search_number(announcement),
        "announcement",
        "",
        0,
        announcement.href or path_of("home"),
        "",
        announcement.title,
        announcement.starts_at,
        announcement.ends_at,
        context=str(announcement.get_severity_display()),
        parts=(SearchPassage("", "", plain(announcement.text)),),
    )


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
    search=SearchSource(
        queryset=lambda: Announcement.objects.prefetch_related("guides", "symptoms"),
        text=announcement_search_text,
        reads=("guides", "symptoms"),
        code=2,
        label=_("Announcement"),
    ),
)

KINDS = (ANNOUNCEMENT,)
