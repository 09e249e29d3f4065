"""Admin of outside pages: where they are used, and what the last check of their address found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.html import block_list, record_link
from helpdesk.content.dates import day_in_words
from helpdesk.content.kinds import kind_named
from helpdesk.contentadmin.content_admin import ContentAdmin, DeletedObjects
from helpdesk.outside.link_check import normal_address
from helpdesk.outside.link_sources import pages_by_outside_page, records_naming
from helpdesk.outside.models import CheckedLink, OutsidePage


class OutsidePageChangeList(ChangeList):
    """The list, with the number of pages that use each outside page, and the last check of its address."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        pages = pages_by_outside_page(self.result_list)
        checked = last_checks(self.result_list)
        for page in self.result_list:
            page.page_count = len(pages[page.slug])
            page.last_check = checked.get(normal_address(page.address))


@admin.register(OutsidePage)
class OutsidePageAdmin(ContentAdmin):
    """Admin of an outside page."""

    has_page = False
    list_display = ("name", "shown_address", "page_count", "last_check")
    search_fields = ("name", "slug", "address", "note")
    search_help_text = _("Words of the name or the note, or a part of the address")
    readonly_fields = ("checked", "used_by")
    fieldsets = (
        (None, {"fields": ("name", "address", "checked")}),
        (_("Where it is used"), {"fields": ("used_by",)}),
        (_("For staff"), {"fields": ("slug", "note")}),
    )

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return OutsidePageChangeList

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return the fields that nobody edits; the key is one of them once texts may link by it."""
        return (*self.readonly_fields, "slug") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, tuple[str, ...]]:
        return {} if obj else {"slug": ("name",)}

    @admin.display(description=_("address"), ordering="address")
    def shown_address(self, page: OutsidePage) -> str:
        return page.address or gettext("Address missing")

    @admin.display(description=_("used on pages"))
    def page_count(self, page: Any) -> int:
        return page.page_count

    @admin.display(description=_("last check"), empty_value="–")
    def last_check(self, page: Any) -> str | None:
        return check_text(page.last_check) if page.last_check else None

    @admin.display(description=_("Last check"))
    def checked(self, page: OutsidePage) -> str:
        link = last_checks([page]).get(normal_address(page.address))
        return check_text(link) if link else gettext("Not checked yet.")

    @admin.display(description=_("Texts that link to it"))
    def used_by(self, page: OutsidePage) -> SafeString:
        return block_list(uses_of(page), empty=gettext("No text links to it."))

    def get_deleted_objects(self, objs: Iterable[Model], request: HttpRequest) -> DeletedObjects:
        """Protect outside pages that texts link to, and name these texts."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        named = [use for page in objs if isinstance(page, OutsidePage) for use in uses_of(page)]
        return deleted, counts, lacking, named or protected


def last_checks(pages: Iterable[OutsidePage]) -> dict[str, CheckedLink]:
    """Return the last check of the addresses of outside pages, by address. One query."""
    addresses = [normal_address(page.address) for page in pages if page.address]
    return {link.address: link for link in CheckedLink.objects.filter(address__in=addresses)}


def check_text(link: CheckedLink) -> str:
    """Return the result of a check in words, with its day."""
    return gettext("%(result)s, checked on %(day)s") % {"result": link.result, "day": day_in_words(link.checked_at)}


def uses_of(page: OutsidePage) -> list[SafeString]:
    """Return links to the records whose texts link to the outside page. A query for each."""
    found = []
    for name, pk in records_naming().get(page.slug, ()):
        record = kind_named(name).objects.filter(pk=pk).first()
        if record is not None:
            found.append(format_html("{}: {}", record_link(record), kind_named(name).label))
    return found
