"""Links to export and import on other admin pages: the start page, a guide, the lists of guides and FAQ entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.extensions import StaffLink, index_links, list_links, record_links
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.admin.guides import GuideAdmin
from helpdesk.guides.models import Guide
from helpdesk.transfer.archive import export_bundle
from helpdesk.transfer.views import download, may_export, may_export_faq, may_import


@index_links
def overview_link(request: HttpRequest) -> Iterator[StaffLink]:
    if may_export_faq(request) or may_import(request):
        help_text = gettext(
            "Guides as readable files, FAQ entries as spreadsheets. You review all changes before importing."
        )
        yield StaffLink(gettext("Export and import"), reverse("bundles"), help_text)


@record_links
def guide_export_link(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    if isinstance(record, Guide) and may_export(request):
        query = urlencode({"what": "chosen", "onward": "1", "guide": record.slug})
        yield StaffLink(gettext("Export as bundle"), f"{reverse('bundles-export')}?{query}")


@list_links
def spreadsheet_links(request: HttpRequest, model: type[Model]) -> Iterator[StaffLink]:
    if model is FaqEntry and may_export_faq(request):
        yield StaffLink(gettext("Export as spreadsheet"), reverse("bundles-export-faq"))
    if model is FaqEntry and may_import(request):
        yield StaffLink(gettext("Import a spreadsheet"), reverse("bundles-import"))


@admin.action(description=_("Export as bundle"), permissions=["view"])
def export_as_bundle(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
    """Export the chosen guides with what belongs to them."""
    if not may_export(request):
        raise PermissionDenied
    file, _content = export_bundle(list(queryset.values_list("slug", flat=True)))
    return download(file)


# The admin of guides is in a lower layer, which cannot import this action.
GuideAdmin.actions = [*GuideAdmin.actions, cast(Any, export_as_bundle)]
