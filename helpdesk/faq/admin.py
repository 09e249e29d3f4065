"""Admin of the Technical FAQ."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from admin_ordering.admin import OrderableAdmin
from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import record_link, state_badge
from helpdesk.adminkit.ordered_inline import OrderedInline, OrderOnlyFormSet
from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.contentadmin.publishing import PUBLISHING_FIELDSET
from helpdesk.faq import merging
from helpdesk.faq.as_of import entry_at
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.as_of import contacts_at
from helpdesk.guides.models import Symptom
from helpdesk.history.as_of import AsOfPage, hidden_reason
from helpdesk.permissions.rules import allowed
from helpdesk.redirects.page_deletion_admin import PageDeletionAdmin

__all__ = ["FaqCategoryAdmin", "FaqEntryAdmin", "merging"]


class EntryInline(OrderedInline):
    """The questions of a category: ordered here, changed on their own pages."""

    model = FaqEntry
    formset = OrderOnlyFormSet
    fields = ("position", "page", "state")
    readonly_fields = ("page", "state")
    verbose_name_plural = _("questions, in the order of the list")

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and allowed(request.user, "publish", FaqEntry)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=_("question"))
    def page(self, entry: FaqEntry) -> SafeString:
        return record_link(entry)

    @admin.display(description=_("state"))
    def state(self, entry: FaqEntry) -> SafeString:
        return state_badge(entry)


@admin.register(FaqCategory)
class FaqCategoryAdmin(OrderableAdmin, ContentAdmin):
    """Admin of a category, with its questions."""

    # Repeated here, since the count drops the model's own ordering.
    ordering = ("position", "number")
    ordering_field = "position"
    list_display = ("position", "title", "questions")
    list_display_links = ("title",)
    list_editable = ("position",)
    search_fields = ("title", "slug", "introduction")
    search_help_text = _("Words of the title or the introduction")
    prepopulated_fields = {"slug": ("title",)}
    inlines = [EntryInline]
    fieldsets = (
        (_("Content"), {"fields": ("title", "introduction")}),
        (_("Address"), {"fields": ("slug", "position")}),
    )
    field_help = {"position": _("Lower numbers come first.")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[FaqCategory]:
        return super().get_queryset(request).annotate(question_count=Count("entries", distinct=True))

    def preview_pages(self, record: FaqCategory, changed: set[str]) -> list[PreviewPage]:
        note = ""
        if not record.entries.exists():  # without a question the category has no page
            example = {"question": gettext("Example question"), "answer": gettext("Example answer")}
            FaqEntry.objects.create(category=record, slug="example-entry-of-the-preview", **example)
            note = gettext("This category has no questions yet. The preview shows an example question.")
        return [PreviewPage(str(record), record.get_absolute_url(), note)]

    @admin.display(description=_("questions"), ordering="question_count")
    def questions(self, category: Any) -> int:
        return category.question_count


@admin.register(FaqEntry)
class FaqEntryAdmin(PageDeletionAdmin):
    """Admin of an FAQ entry."""

    list_display = ("number", "question", "category", "state", "review_by")
    list_display_links = ("number", "question")
    list_filter = ("category",)
    list_select_related = ("category",)
    search_fields = ("question", "answer", "keywords", "slug", "number")
    search_help_text = _("Words of the question or the answer, or a help number")
    autocomplete_fields = ("category", "related_symptoms")
    prepopulated_fields = {"slug": ("question",)}
    fieldsets = (
        (_("Content"), {"fields": ("category", "question", "answer")}),
        (_("Related situations"), {"fields": ("related_symptoms",)}),
        (_("Search"), {"fields": ("keywords",)}),
        PUBLISHING_FIELDSET,
        (_("Address"), {"fields": ("slug", "position")}),
    )
    field_help = {
        "related_symptoms": _(
            "Listed at the end of the answer. The pages of these situations list this question, too."
        ),
        "position": _("Lower numbers come first. You can also reorder the whole list on the category's page."),
    }

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> AsOfPage | None:
        entry = entry_at(pk, moment)
        if entry is None:
            return None
        context = {"entry": entry, "contacts": contacts_at(moment)}
        return AsOfPage("faq/entry.html", context, hidden_reason(entry, moment))

    def preview_pages(self, record: FaqEntry, changed: set[str]) -> list[PreviewPage]:
        topic = PreviewPage(gettext("Page with all answers of its topic"), record.category.get_absolute_url())
        return [PreviewPage(str(record), record.get_absolute_url()), topic]

    merge_help = _(
        "All of the above, plus its keywords and related situations, move to the other page. Its answer is deleted."
    )

    def formfield_for_manytomany(self, *args: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_manytomany(*args, **kwargs)
        if field is not None:
            field.queryset = Symptom.objects.select_related("guide")
            field.label_from_instance = lambda symptom: f"{symptom.guide} › {symptom}"
        return field
