"""Admin of the portal's identity: one record, with samples of its colors."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.contentadmin.content_admin import ContentAdmin
from helpdesk.identity.models import Identity
from helpdesk.identity.samples import accent_samples


@admin.register(Identity)
class IdentityAdmin(ContentAdmin):
    has_page = False
    list_display = ("__str__", "operator", "accent", "updated_at")
    readonly_fields = ("samples",)
    fieldsets = (
        (_("Names"), {"fields": ("name", "operator")}),
        (_("Color"), {"fields": ("accent", "samples")}),
        (_("Logo"), {"fields": ("logo", "dark_logo")}),
        (_("Links"), {"fields": ("header_links", "footer_links")}),
    )

    class Media:
        css = {"all": ["staff/identity.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one record, or none."""
        return super().has_add_permission(request) and not Identity.objects.exists()

    @admin.display(description=_("samples"))
    def samples(self, identity: Identity) -> SafeString | str:
        try:
            return accent_samples(identity.accent)
        except ValueError:
            return gettext("Save to see the color in both themes.")
