"""Admin of help numbers and former addresses, and the panel with the addresses of a record."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.models import Addressed, FormerAddress, HelpNumber
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.extensions import StaffLink, index_links, record_panels
from helpdesk.adminkit.html import record_url
from helpdesk.adminkit.readonly import ReadOnlyAdmin
from helpdesk.content.kinds import kind_named
from helpdesk.permissions.groups import AUTHOR, EDITOR, GroupPermissions, grant_after_migrate
from helpdesk.redirects.not_found_admin import DeadAddressAdmin
from helpdesk.redirects.page_addresses import addresses_of, former_paths
from helpdesk.redirects.redirect_admin import RedirectAdmin

__all__ = ["DeadAddressAdmin", "FormerAddressAdmin", "HelpNumberAdmin", "RedirectAdmin"]

ADDRESS_ENDED = CodedText("address-ended", _("Ended: %(path)s"))

VIEW_ALL = {"helpnumber": "view", "formeraddress": "view", "redirect": "view", "deadaddress": "view"}
GROUP_PERMISSIONS: GroupPermissions = {
    AUTHOR: VIEW_ALL,
    EDITOR: {**VIEW_ALL, "formeraddress": "change view", "redirect": "add change delete view"},
}
grant_after_migrate("links", GROUP_PERMISSIONS)


@admin.register(HelpNumber)
class HelpNumberAdmin(ReadOnlyAdmin):
    """Admin of help numbers."""

    list_display = ("number", "kind")
    list_filter = ("kind",)
    search_fields = ("=number",)
    search_help_text = _("Help number")


@admin.register(FormerAddress)
class FormerAddressAdmin(ReadOnlyAdmin):
    """Admin of former addresses, which can be ended."""

    list_display = ("slug", "kind", "scope", "number", "until", "ended_at")
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("slug", "=number")
    search_help_text = _("Former slug or help number")

    class Media:
        css = {"all": ["staff/links.css"]}

    def get_urls(self) -> list[URLPattern]:
        end = path("<int:pk>/end/", self.admin_site.admin_view(self.end), name="links_formeraddress_end")
        return [end, *super().get_urls()]

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the confirmation page, and end the former address when it is posted."""
        if not request.user.has_perm("links.change_formeraddress"):
            raise PermissionDenied
        former = get_object_or_404(FormerAddress.objects.active(), pk=pk)
        record = kind_named(former.kind).objects.filter(number=former.number).first()
        found = former_paths(record) if record else []
        where = next((one.path for one in found if one.row.pk == pk), former.slug)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": gettext("End former address"),
                "opts": self.opts,
                "media": self.media,
                "path": where,
                "record": record,
                "record_url": record_url(record) if record else "",
                "is_cause": not kind_named(former.kind).url_name,
            }
            return TemplateResponse(request, "admin/links/formeraddress/end.html", context)
        with transaction.atomic():
            FormerAddress.objects.filter(pk=pk).update(ended_at=timezone.now())
            self.log_change(request, former, ADDRESS_ENDED.to_json(path=where))
        messages.success(request, gettext("%(path)s no longer redirects here.") % {"path": where})
        return HttpResponseRedirect(record_url(record) if record else reverse("admin:links_formeraddress_changelist"))


@index_links
def not_found_link(request: HttpRequest) -> Iterator[StaffLink]:
    """Yield the link to the not-found log."""
    if request.user.has_perm("links.view_deadaddress"):
        yield StaffLink(
            gettext("Dead addresses"),
            reverse("admin:links_deadaddress_changelist"),
            gettext("Addresses visitors couldn't find, each with a suggested redirect"),
        )


@record_panels
def addresses_panel(request: HttpRequest, record: Model) -> Iterator[str]:
    """Yield the panel with the addresses that a record has and had, and the redirects to it."""
    if not isinstance(record, Addressed) or not request.user.has_perm("links.view_formeraddress"):
        return
    context = {
        "addresses": addresses_of(record),
        "record": record,
        "may_end": request.user.has_perm("links.change_formeraddress"),
        "may_add": request.user.has_perm("links.add_redirect"),
        "may_delete": request.user.has_perm("links.delete_redirect"),
    }
    yield render_to_string("admin/links/_addresses.html", context)
