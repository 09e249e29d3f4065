"""Admin of the glossary."""

from __future__ import annotations

from django.contrib import admin

from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.contentadmin.publishing import PUBLISHING_FIELDSET
from helpdesk.redirects.page_deletion_admin import PageDeletionAdmin
from tests.new_kind.glossary.models import Term


@admin.register(Term)
class TermAdmin(PageDeletionAdmin):
    list_display = ("number", "title", "state")
    search_fields = ("title", "meaning")
    fieldsets = (
        (None, {"fields": ("title", "meaning", "keywords")}),
        PUBLISHING_FIELDSET,
        ("Address", {"fields": ("slug", "position")}),
    )

    def preview_pages(self, record: Term, changed: set[str]) -> list[PreviewPage]:
        return [PreviewPage(str(record), record.get_absolute_url())]
