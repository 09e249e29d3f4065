"""Admin of legal texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.contentadmin.publishing import PUBLISHING_FIELDSET
from helpdesk.guides.as_of import contacts_at
from helpdesk.history.as_of import AsOfPage
from helpdesk.legal.models import LegalText
from helpdesk.redirects.page_deletion_admin import PageDeletionAdmin


@admin.register(LegalText)
class LegalTextAdmin(PageDeletionAdmin):
    """Admin of a legal text."""

    list_display = ("number", "title", "state", "review_by")
    list_display_links = ("number", "title")
    search_fields = ("title", "text", "slug", "number")
    search_help_text = _("Words of the title or the text, or a help number")
    prepopulated_fields = {"slug": ("title",)}
    fieldsets = (
        (_("Content"), {"fields": ("title", "text")}),
        PUBLISHING_FIELDSET,
        (_("Address"), {"fields": ("slug",)}),
    )

    def page_at(self, request: HttpRequest, pk: int, moment: datetime) -> AsOfPage | None:
        page = super().page_at(request, pk, moment)
        return page and replace(page, context={**page.context, "contacts": contacts_at(moment)})

    def preview_pages(self, record: LegalText, changed: set[str]) -> list[PreviewPage]:
        return [PreviewPage(str(record), record.get_absolute_url())]
