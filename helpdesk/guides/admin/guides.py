"""Admin of guides, with their situations in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from admin_ordering.admin import OrderableAdmin
from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link, state_badge
from helpdesk.adminkit.ordered_inline import OrderedInline
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.contentadmin.publishing import PUBLISHING_FIELDSET, PublishingAdmin
from helpdesk.contentadmin.publishing_actions import apply, go_live
from helpdesk.guides.admin.groups import GroupInline, SituationFormSet
from helpdesk.guides.admin.history import GuideHistory
from helpdesk.guides.admin.preview_paths import pages_of_guide
from helpdesk.guides.models import Guide, Symptom
from helpdesk.guides.models.symptoms import LIST_ORDER
from helpdesk.permissions.rules import allowed, require
from helpdesk.redirects.page_deletion_admin import PageDeletionAdmin


class SituationInline(OrderedInline):
    """The situations of a guide: ordered and put under headings here, changed on their own pages."""

    model = Symptom
    formset: type[BaseInlineFormSet] = SituationFormSet
    fk_name = "guide"
    fields = ("position", "page", "group", "state")
    readonly_fields = ("page", "state")
    verbose_name_plural = _("situations, in the order of the list")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Symptom]:
        return super().get_queryset(request).select_related("group").order_by(*LIST_ORDER)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and allowed(request.user, "publish", Symptom)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("situation"))
    def page(self, symptom: Symptom) -> SafeString:
        return record_link(symptom)

    @admin.display(description=_("state"))
    def state(self, symptom: Symptom) -> SafeString:
        return state_badge(symptom)


@admin.action(description=_("Publish, with all situations"), permissions=["publish"])
def publish_with_situations(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet[Guide]) -> None:
    """Publish guides with the drafts in them; those with errors stay as they are."""
    require(request.user, "publish", Symptom)
    drafts = Symptom.objects.filter(guide__in=list(queryset), publish_at=None)
    hidden = queryset.exclude(pk__in=Guide.objects.published()) if drafts.exists() else queryset
    apply(model_admin, request, hidden, go_live, goes_live=True, along=drafts)


@admin.register(Guide)
class GuideAdmin(GuideHistory, OrderableAdmin, PageDeletionAdmin):
    """Admin of a guide, with its situations."""

    # Repeated here, since the count drops the model's own ordering.
    ordering = ("position", "number")
    ordering_field = "position"
    list_display = ("position", "number", "title", "state", "review_by", "situations")
    list_display_links = ("number", "title")
    list_editable = ("position",)
    search_fields = ("title", "short_title", "slug", "number", "introduction")
    search_help_text = _("Words of the title or the text, or a help number")
    prepopulated_fields = {"slug": ("short_title",)}
    actions = [*PublishingAdmin.actions, publish_with_situations]
    inlines = [GroupInline, SituationInline]
    fieldsets = (
        (_("Content"), {"fields": ("title", "short_title", "icon", "introduction", "prompt")}),
        PUBLISHING_FIELDSET,
        (_("Address"), {"fields": ("slug", "position")}),
    )
    field_help = {"position": _("Lower numbers come first on the home page.")}
    merge_help = _(
        "All of the above, plus its situations and visitors' words, move to the end of the "
        "other guide's list. Situations that continued in this guide continue in the other "
        "one. Its own texts are deleted."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Guide]:
        return super().get_queryset(request).annotate(situation_count=Count("symptoms", distinct=True))

    @admin.display(description=_("situations"), ordering="situation_count")
    def situations(self, guide: Any) -> int:
        return guide.situation_count

    def moments_of(self, page: Guide) -> list[datetime | None]:
        moments = super().moments_of(page)
        for own in page.symptoms.values_list("publish_at", "archive_at"):
            moments += own
        return moments

    def preview_pages(self, record: Guide, changed: set[str]) -> list[PreviewPage]:
        return pages_of_guide(record)
