"""Starting and ending an announcement now, by the clock that decides what visitors see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from helpdesk.announcements.models import Announcement
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.revisions import revision
from helpdesk.pagecache.models import ContentVersion
from helpdesk.pagecache.version import database_time

# Two forms within this time say the same.
BETWEEN_TWO_CLICKS = timedelta(minutes=1)


def start(
    *,
    title: str,
    severity: str,
    guides: Iterable[Guide] = (),
    symptoms: Iterable[Symptom] = (),
    lasts: timedelta | None = None,
) -> Announcement:
    """Announce from now on, for a time or until it is ended.

    A form that was sent twice starts one announcement. Where it says another time, that of the later one holds.
    """
    with transaction.atomic(), revision():
        # Every change of content holds this row: of two forms sent at once, the second one sees what the first one did.
        ContentVersion.objects.select_for_update().first()
        now = database_time()
        ends_at = now + lasts if lasts else None
        for same in Announcement.objects.live().filter(title=title, severity=severity):
            if _chosen(same) == ({*guides}, {*symptoms}):
                return _extended(same, ends_at)
        announcement = Announcement.objects.create(title=title, severity=severity, starts_at=now, ends_at=ends_at)
        choose_pages(announcement, guides, symptoms)
    return announcement


def _extended(announcement: Announcement, ends_at: datetime | None) -> Announcement:
    """Return the announcement with this end; one that differs by the time between two clicks stays."""
    before = announcement.ends_at
    if before is not None and ends_at is not None and abs(ends_at - before) < BETWEEN_TWO_CLICKS:
        return announcement
    if before != ends_at:
        announcement.ends_at = ends_at
        announcement.save()
    return announcement


def choose_pages(announcement: Announcement, guides: Iterable[Guide], symptoms: Iterable[Symptom]) -> None:
    """Set the pages that an announcement concerns; none stand for the whole portal."""
    announcement.guides.set(guides)
    announcement.symptoms.set(symptoms)
    note_limits(announcement)


def note_limits(announcement: Announcement) -> None:
    """Note whether pages are chosen, so that their deletion does not make it an announcement for the whole portal."""
    is_limited = announcement.guides.exists() or announcement.symptoms.exists()
    if announcement.is_limited != is_limited:
        announcement.is_limited = is_limited
        announcement.save()


def end(pk: int) -> bool:
    """End an announcement now; return False for one that is not live, such as one that somebody else has just ended."""
    with transaction.atomic():
        announcement = Announcement.objects.select_for_update().live().filter(pk=pk).first()
        if announcement is None:
            return False
        announcement.ends_at = max(database_time(), announcement.starts_at + timedelta(milliseconds=1))
        announcement.save()
    return True


def _chosen(announcement: Announcement) -> tuple[set[Guide], set[Symptom]]:
    return {*announcement.guides.all()}, {*announcement.symptoms.all()}
