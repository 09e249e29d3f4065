"""Admin of outside pages."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.outside.models import OutsidePage


@admin.register(OutsidePage)
class OutsidePageAdmin(ContentAdmin):
    """Admin of an outside page."""

    has_page = False
    list_display = ("name", "shown_address")
    search_fields = ("name", "slug", "address", "note")
    search_help_text = _("Words of the name or the note, or a part of the address")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "address")}),
        (_("For staff"), {"fields": ("slug", "note")}),
    )

    @admin.display(description=gettext("address"), ordering="address")
    def shown_address(self, page: OutsidePage) -> str | SafeString:
        return page.address or gettext("Address missing")
