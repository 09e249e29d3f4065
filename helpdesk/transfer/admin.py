"""Ways to export and import from other admin pages: the start page, a guide, the list of guides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.adminkit.extensions import StaffLink, index_links, list_links, record_links
from helpdesk.faq.models import FaqEntry
from helpdesk.guides.admin.guides import GuideAdmin
from helpdesk.guides.models import Guide
from helpdesk.transfer import exporting
from helpdesk.transfer.views import FAQ, download, may_export, may_import


@index_links
def way_to_bundles(request: HttpRequest) -> Iterator[StaffLink]:
    if may_export(request, FAQ) or may_import(request):
        yield StaffLink(
            _("Export and import"),
            reverse("bundles"),
            _("Guides as a readable file, FAQ entries as a spreadsheet, out and in. You see first what would change."),
        )


@record_links
def export_of_guide(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    if isinstance(record, Guide) and may_export(request):
        query = urlencode({"what": "chosen", "onward": "1", "guide": record.slug})
        yield StaffLink(_("Export as bundle"), f"{reverse('bundles-export')}?{query}")


@list_links
def spreadsheet_of_faq(request: HttpRequest, model: type[Model]) -> Iterator[StaffLink]:
    if model is not FaqEntry:
        return
    if may_export(request, FAQ):
        yield StaffLink(_("Export as spreadsheet"), reverse("bundles-export-faq"))
    if may_import(request):
        yield StaffLink(_("Import a spreadsheet"), reverse("bundles-import"))


@admin.action(description=gettext_lazy("Export as bundle"), permissions=["view"])
def export_as_bundle(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
    """The chosen guides and what belongs to them as a file."""
    if not may_export(request):
        raise PermissionDenied
    file, _content = exporting.bundle(list(queryset.values_list("slug", flat=True)))
    return download(file)


# The list of guides belongs to a part further down, which cannot know of this one.
GuideAdmin.actions = [*GuideAdmin.actions, cast(Any, export_as_bundle)]
