"""Pages for staff: the map of a guide."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.guides.models import Guide
from helpdesk.insights.findings import catch_up
from helpdesk.insights.guide_map import map_of
from helpdesk.insights.picture import draw
from helpdesk.insights.rates import DAYS
from helpdesk.staff.blocks import record_url
from helpdesk.staff.page_links import preview_path
from helpdesk.staff.rights import require


@require_safe
def guide_map(request: HttpRequest, pk: int) -> HttpResponse:
    """The map of a guide, as a picture and as a list. Twelve queries, and the check of pages that have just changed."""
    guide = get_object_or_404(Guide, pk=pk)
    require(request, "view", guide)
    catch_up(guide=guide.number)
    found = map_of(request, guide)
    context = {
        **admin.site.each_context(request),
        "title": _("Map of “%(guide)s”") % {"guide": guide},
        "guide": guide,
        "record_url": record_url(guide),
        "preview_url": preview_path(guide.get_absolute_url()),
        "work_url": "/admin/work/",
        "map": found,
        "picture": draw(found),
        "days": DAYS,
    }
    return TemplateResponse(request, "admin/insights/map.html", context)
