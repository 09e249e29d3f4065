"""Admin of contact points and their lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from admin_ordering.admin import OrderableAdmin
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link
from helpdesk.contacts.admin import ContactLineFields, ContactLineInline, as_visitors_read_it
from helpdesk.contacts.as_of import put_back_lines
from helpdesk.contacts.models import ContactLine, ContactPoint
from helpdesk.contacts.publish_rules import is_last_way_to_people
from helpdesk.contentadmin.content_admin import ContentAdmin, DeletedObjects
from helpdesk.contentadmin.edit_conflicts import ContentForm
from helpdesk.contentadmin.preview import PreviewPage
from helpdesk.guides.admin.preview_paths import pages_of_contact_point
from helpdesk.guides.admin.reuse import ReuseAdmin


@admin.register(ContactPoint)
class ContactPointAdmin(OrderableAdmin, ReuseAdmin):
    """Admin of a contact point, with its lines and the resolutions that name it."""

    ordering_field = "position"
    list_display = ("position", "name", "numbers", "email", "confirmed_on")
    list_display_links = ("name",)
    list_editable = ("position",)
    search_fields = ("name", "purpose", "lines__number", "lines__place", "email", "slug")
    search_help_text = _("A name, number, place, address or words of the purpose")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("used_by",)
    inlines = [ContactLineInline]
    read_fields = ("name", "purpose", "email", "web_address", "preparation", "details", "confirmed_on")
    fieldsets = (
        (_("Who"), {"fields": ("name", "purpose")}),
        (_("Email and website"), {"fields": ("email", "web_address", "confirmed_on")}),
        (_("What visitors should know"), {"fields": ("preparation", "details")}),
        (_("Used in"), {"fields": ("used_by",)}),
        (_("For staff"), {"fields": ("slug", "position")}),
    )
    field_help = {"position": _("Lower numbers come first.")}

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactPoint]:
        return super().get_queryset(request).prefetch_related("lines")

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Protect the last contact points that visitors can reach: every page needs them."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if is_last_way_to_people(points=[contact_point.pk for contact_point in objs]):
            protected = [*protected, gettext("Every page: no other contact point has a number, email or web address.")]
        return deleted, counts, lacking, protected

    def put_back_rows(self, record: ContactPoint, moment: datetime) -> Sequence[str]:
        return list(put_back_lines(record, moment))

    def preview_pages(self, record: ContactPoint, changed: set[str]) -> list[PreviewPage]:
        return pages_of_contact_point(record)

    def preview_fragment(self, record: ContactPoint) -> str:
        return record.slug

    @admin.display(description=_("numbers"))
    def numbers(self, contact_point: ContactPoint) -> str:
        return ", ".join(line.shown_number for line in contact_point.lines.all() if line.number)

    @admin.display(description=_("resolutions"))
    def used_by(self, contact_point: ContactPoint) -> SafeString:
        links = map(record_link, contact_point.resolutions.all()) if contact_point.pk else ()
        return block_list(links, empty=gettext("No resolution uses it yet."))


class ContactLineForm(ContactLineFields, ContentForm):
    """Form of a line on a page of its own."""


@admin.register(ContactLine)
class ContactLineAdmin(ContentAdmin):
    """Admin of a single line: its history, and a list of all numbers of the portal."""

    form = ContactLineForm
    list_display = ("as_shown", "place", "contact_point", "hours", "time_zone")
    list_filter = ("contact_point",)
    list_select_related = ("contact_point",)
    search_fields = ("number", "place", "languages", "note", "contact_point__name")
    search_help_text = _("A number, place, language or contact point")
    fieldsets = (
        (_("Where"), {"fields": ("contact_point", "place")}),
        (_("Number"), {"fields": ("number", "extension", "toll_free", "languages", "cost")}),
        (_("Opening hours"), {"fields": ("hours", "time_zone", "closed_days", "note", "reads")}),
        (_("For staff"), {"fields": ("slug", "position")}),
    )
    readonly_fields = ("reads",)
    field_help = {"position": _("Lower numbers come first.")}

    @admin.display(description=_("number"), ordering="number")
    def as_shown(self, line: ContactLine) -> str:
        return line.shown_number

    @admin.display(description=_("visitors read"))
    def reads(self, line: ContactLine) -> SafeString | str:
        return as_visitors_read_it(line)

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Protect the last lines by which visitors can reach anybody."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if is_last_way_to_people(lines=[line.pk for line in objs]):
            protected = [*protected, gettext("Every page: no contact point has another number, email or web address.")]
        return deleted, counts, lacking, protected

    def preview_pages(self, record: ContactLine, changed: set[str]) -> list[PreviewPage]:
        return pages_of_contact_point(record.contact_point)

    def preview_fragment(self, record: ContactLine) -> str:
        return record.contact_point.slug
