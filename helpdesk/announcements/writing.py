"""Starting and ending an announcement now, by the clock that decides what visitors see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from helpdesk.announcements.models import Announcement
from helpdesk.guides.models import Guide, Symptom
from helpdesk.history.revisions import revision
from helpdesk.pagecache.version import database_time


def start(
    *,
    title: str,
    severity: str,
    guides: Iterable[Guide] = (),
    symptoms: Iterable[Symptom] = (),
    lasts: timedelta | None = None,
) -> Announcement:
    """Announce from now on, for a time or until it is ended. A form that was sent twice starts one announcement."""
    now = database_time()
    with transaction.atomic(), revision():
        same = Announcement.objects.live().filter(title=title, severity=severity).first()
        if same is not None and _chosen(same) == ({*guides}, {*symptoms}):
            return same
        ends_at = now + lasts if lasts else None
        announcement = Announcement.objects.create(title=title, severity=severity, starts_at=now, ends_at=ends_at)
        choose_pages(announcement, guides, symptoms)
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
