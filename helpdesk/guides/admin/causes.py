"""Admin of causes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link
from helpdesk.contentadmin.content_admin import DeletedObjects
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.admin.preview_paths import pages_of_cause
from helpdesk.guides.admin.uses import SharedAdmin, symptom_line, symptoms_with
from helpdesk.guides.copies import separate_cause
from helpdesk.guides.models import Cause, Symptom


@admin.register(Cause)
class CauseAdmin(SharedAdmin):
    """Admin of a cause, with the pages that share it."""

    symptom_lookup = "checks__cause"
    # Repeated here, since the count drops the model's own ordering.
    ordering = ("title", "number")
    list_display = ("title", "number", "question", "resolution_link", "uses")
    list_filter = (("symptoms__guide", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("resolution",)
    search_fields = ("title", "question", "slug", "how_to_check", "resolution__title", "number")
    search_help_text = _("Words of the title or the text, or a help number")
    autocomplete_fields = ("resolution",)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("used_on",)
    read_fields = (
        "title",
        "question",
        "how_to_check",
        "answer_yes",
        "answer_no",
        "answer_unsure",
        "minutes",
        "resolution",
        "prevention",
    )
    fieldsets = (
        (_("Cause"), {"fields": ("title",)}),
        (_("Question"), {"fields": ("question", "how_to_check", "minutes")}),
        (
            _("Labels of the answers"),
            {
                "fields": (("answer_yes", "answer_no", "answer_unsure"),),
                "description": _("Only where the usual labels don't answer the question."),
            },
        ),
        (_("What to do about it"), {"fields": ("resolution", "prevention")}),
        (_("Used on"), {"fields": ("used_on",)}),
        (_("Address"), {"fields": ("slug",)}),
    )
    field_help = {
        "resolution": _("What to do if this is the cause. Several causes can share one resolution."),
        "slug": _("The last part of the address of this check. When it changes, the old address leads here for good."),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cause]:
        return super().get_queryset(request).annotate(symptom_count=Count("checks", distinct=True))

    def make_copy(self, request: HttpRequest, record: Cause, symptoms: Sequence[Symptom]) -> Cause:
        return separate_cause(record, symptoms, user=request.user)

    def preview_pages(self, record: Cause, changed: set[str]) -> list[PreviewPage]:
        return pages_of_cause(record, changed)

    @admin.display(description=_("resolution"), ordering="resolution__title")
    def resolution_link(self, cause: Cause) -> SafeString:
        return record_link(cause.resolution)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Name the pages that protect a cause from deletion, instead of their checks."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if protected:
            protected = list(map(symptom_line, symptoms_with(checks__cause__in=[cause.pk for cause in objs])))
        return deleted, counts, lacking, protected
