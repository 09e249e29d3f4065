"""Admin of contact points."""

from __future__ import annotations

from collections.abc import Iterable

from admin_ordering.admin import OrderableAdmin
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link
from helpdesk.contentadmin.content_admin import DeletedObjects
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.admin.preview_paths import pages_of_contact_point
from helpdesk.guides.admin.reuse import ReuseAdmin
from helpdesk.guides.models import ContactPoint
from helpdesk.guides.publish_rules import is_last_way_to_people


@admin.register(ContactPoint)
class ContactPointAdmin(OrderableAdmin, ReuseAdmin):
    """Admin of a contact point, with the resolutions that name it."""

    ordering_field = "position"
    list_display = ("position", "name", "phone", "email", "hours")
    list_display_links = ("name",)
    list_editable = ("position",)
    search_fields = ("name", "purpose", "phone", "email", "slug")
    search_help_text = _("A name, a number, an address or words of the purpose")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("used_by",)
    read_fields = ("name", "purpose", "phone", "email", "hours", "preparation", "details")
    fieldsets = (
        (_("Who"), {"fields": ("name", "purpose")}),
        (_("How to reach them"), {"fields": ("phone", "email", "hours")}),
        (_("What visitors should know"), {"fields": ("preparation", "details")}),
        (_("Where it is used"), {"fields": ("used_by",)}),
        (_("For staff"), {"fields": ("slug", "position")}),
    )
    field_help = {
        "phone": _("As visitors should read it, with the country's number in front."),
        "hours": _("When somebody answers, with the time zone."),
        "position": _("Smaller numbers come first."),
    }

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Protect the last contact points that visitors can call or write to: every page needs them."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if is_last_way_to_people([contact_point.pk for contact_point in objs]):
            protected = [*protected, gettext("By every page: no other contact point has a telephone number or email.")]
        return deleted, counts, lacking, protected

    def preview_pages(self, record: ContactPoint, changed: set[str]) -> list[PreviewPage]:
        return pages_of_contact_point(record)

    def preview_fragment(self, record: ContactPoint) -> str:
        return record.slug

    @admin.display(description=gettext("Named in these resolutions"))
    def used_by(self, contact_point: ContactPoint) -> SafeString:
        links = map(record_link, contact_point.resolutions.all()) if contact_point.pk else ()
        return block_list(links, empty=gettext("In no resolution yet."))
