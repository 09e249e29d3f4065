"""Admin of announcements: those that are live, planned and past."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.announcements import header
from helpdesk.announcements.models import Announcement
from helpdesk.announcements.states import AnnouncementState, AnnouncementStateFilter
from helpdesk.announcements.views import end_view, start_view
from helpdesk.announcements.writing import note_limits
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.guides.models import Symptom

__all__ = ["AnnouncementAdmin", "header"]


@admin.register(Announcement)
class AnnouncementAdmin(ContentAdmin):
    has_page = False
    list_display = ("title", "severity", "state", "where", "starts_at", "ends_at")
    list_filter = (AnnouncementStateFilter, "severity")
    search_fields = ("title", "text")
    search_help_text = _("Words of the title or the text")
    autocomplete_fields = ("guides", "symptoms")
    fieldsets = (
        (_("Content"), {"fields": ("title", "severity", "text", "link_text", "link")}),
        (_("Where"), {"fields": ("guides", "symptoms"), "description": _("Choose none to show it on all pages.")}),
        (_("When"), {"fields": ("starts_at", "ends_at")}),
    )
    field_help = {
        "text": _("One or two sentences: what still works, and what to do meanwhile. Markdown."),
        "guides": _("It's shown on the guide and on all its situations."),
        "symptoms": _("It's shown on the situation and its checks."),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        symptoms = Prefetch("symptoms", Symptom.objects.select_related("guide"))
        return super().get_queryset(request).prefetch_related("guides", symptoms)

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "announcements_announcement"
        return [
            path("start/", view(start_view), name=f"{name}_start"),
            path("<int:pk>/end/", view(end_view), name=f"{name}_end"),
            *super().get_urls(),
        ]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseFormSet], change: bool) -> None:
        super().save_related(request, form, formsets, change)
        note_limits(form.instance)

    @admin.display(description=_("state"))
    def state(self, announcement: Announcement) -> SafeString:
        state = AnnouncementState.of(announcement, timezone.now())
        return format_html('<span class="announcement-state {}">{}</span>', state.value, state.label)

    @admin.display(description=_("where"))
    def where(self, announcement: Announcement) -> str:
        guides = [guide.short_title for guide in announcement.guides.all()]
        symptoms = [f"{symptom.guide.short_title} › {symptom}" for symptom in announcement.symptoms.all()]
        nowhere = gettext("Nowhere: its pages were deleted") if announcement.is_limited else ""
        return ", ".join([*guides, *symptoms]) or nowhere or gettext("The whole portal")

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(*args, **kwargs)
        if field is not None and field.queryset.model is Symptom:
            field.queryset = Symptom.objects.select_related("guide")
            field.label_from_instance = lambda symptom: f"{symptom.guide} › {symptom}"
        return field
