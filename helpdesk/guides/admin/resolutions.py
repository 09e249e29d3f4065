"""Admin of resolutions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.admin.preview_paths import pages_of_resolution
from helpdesk.guides.admin.uses import SharedAdmin
from helpdesk.guides.copies import separate_resolution
from helpdesk.guides.models import Cause, Resolution, Symptom


@admin.register(Resolution)
class ResolutionAdmin(SharedAdmin):
    """Admin of a resolution, with the causes and pages that share it."""

    symptom_lookup = "checks__cause__resolution"
    # Repeated here, since the count drops the model's own ordering.
    ordering = ("title", "slug")
    list_display = ("title", "ending", "contact_point", "causes_count", "uses")
    list_filter = ("ending", "contact_point")
    list_select_related = ("contact_point",)
    search_fields = ("title", "slug", "body")
    search_help_text = _("Words of the title or the text")
    autocomplete_fields = ("contact_point",)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("used_by_causes", "used_on")
    read_fields = ("title", "body", "ending", "takes_effect", "wait_hours", "contact_point")
    fieldsets = (
        (_("What to do"), {"fields": ("title", "body")}),
        (_("How it ends"), {"fields": ("ending", "contact_point", "takes_effect", "wait_hours")}),
        (_("Used on"), {"fields": ("used_by_causes", "used_on")}),
        (_("For staff"), {"fields": ("slug",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resolution]:
        counts = {
            "cause_count": Count("causes", distinct=True),
            "symptom_count": Count("causes__checks__symptom", distinct=True),
        }
        return super().get_queryset(request).annotate(**counts)

    def make_copy(self, request: HttpRequest, record: Resolution, symptoms: Sequence[Symptom]) -> Resolution:
        cause_admin = self.admin_site.get_model_admin(Cause)
        if not (cause_admin.has_add_permission(request) and cause_admin.has_change_permission(request)):
            raise PermissionDenied
        return separate_resolution(record, symptoms, user=request.user)

    def preview_pages(self, record: Resolution, changed: set[str]) -> list[PreviewPage]:
        return pages_of_resolution(record)

    @admin.display(description=_("causes"), ordering="cause_count")
    def causes_count(self, resolution: Any) -> int:
        return resolution.cause_count

    @admin.display(description=_("Used by these causes"))
    def used_by_causes(self, resolution: Resolution) -> SafeString:
        links = map(record_link, resolution.causes.all()) if resolution.pk else ()
        return block_list(links, empty=gettext("None."))
