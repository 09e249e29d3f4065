"""Admin of announcements."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements.models import Announcement
from helpdesk.contentadmin.content_admin import ContentAdmin


@admin.register(Announcement)
class AnnouncementAdmin(ContentAdmin):
    has_page = False
    list_display = ("title", "severity", "starts_at", "ends_at")
    list_filter = ("severity",)
    search_fields = ("title", "text")
    search_help_text = _("Words of the title or the text")
    autocomplete_fields = ("guides", "symptoms")
    fieldsets = (
        (_("Content"), {"fields": ("title", "severity", "text", "link", "link_text")}),
        (_("Shown"), {"fields": ("starts_at", "ends_at", "guides", "symptoms")}),
    )
