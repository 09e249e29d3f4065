"""States of announcements in the admin: live, scheduled, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib import admin
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements.models import Announcement


class AnnouncementState(TextChoices):
    """The state of an announcement at a moment."""

    LIVE = "live", _("Live")
    SCHEDULED = "scheduled", _("Scheduled")
    ENDED = "ended", _("Ended")

    @classmethod
    def of(cls, announcement: Announcement, moment: datetime) -> Self:
        """Return the state at a moment."""
        if announcement.ends_at is not None and announcement.ends_at <= moment:
            return cls(cls.ENDED)
        return cls(cls.SCHEDULED if announcement.starts_at > moment else cls.LIVE)


class AnnouncementStateFilter(admin.SimpleListFilter):
    """Filter of the list by state."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in AnnouncementState]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> QuerySet[Announcement]:
        now = timezone.now()
        match self.value():
            case AnnouncementState.LIVE:
                return queryset.filter(pk__in=Announcement.objects.live(at=now))
            case AnnouncementState.SCHEDULED:
                return queryset.filter(starts_at__gt=now)
            case AnnouncementState.ENDED:
                return queryset.filter(ends_at__lte=now)
        return queryset
