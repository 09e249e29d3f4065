"""Announcements that pages show at a moment."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from helpdesk.announcements.models import Announcement, AnnouncementSeverity
from helpdesk.content.audience import Audience
from helpdesk.content.compiled_query import CompiledQuery, Param
from helpdesk.guides.models import Symptom

DISTURBANCES = (AnnouncementSeverity.PROBLEM, AnnouncementSeverity.OUTAGE)

_of_page = CompiledQuery(
    lambda audience: (
        Announcement.objects.visible_to(audience)
        .concerning(Q(slug=Param("guide")), Q(guide__slug=Param("guide"), slug=Param("symptom")))
        .worst_first()
    )
)


def current_for(audience: Audience, *, guide: str = "", symptom: str = "") -> list[Announcement]:
    """Return what is announced on a page of a guide or a symptom, by their slugs; by none what concerns the portal.

    The worst first. One query.
    """
    return _of_page.all(audience, guide=guide, symptom=symptom)


def is_disturbed(symptom: Symptom, moment: datetime) -> bool:
    """Return whether a problem or an outage that concerns the symptom is announced at a moment.

    It may be announced for the symptom, for its guide, or for the portal. One query.
    """
    disturbances = Announcement.objects.live(at=moment).filter(severity__in=DISTURBANCES)
    return disturbances.concerning(Q(pk=symptom.guide_id), Q(pk=symptom.pk)).exists()
