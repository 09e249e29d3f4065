"""Admin pages of the reports: the work list with its buttons, and the map of a guide."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from helpdesk.adminkit.html import record_url
from helpdesk.adminkit.progress import progress_page
from helpdesk.adminkit.return_url import return_url
from helpdesk.content.dates import day_in_words
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.guides.models import Guide
from helpdesk.permissions.rules import require
from helpdesk.reports.guide_map import map_of
from helpdesk.reports.kinds import listed_kinds, may_view, publishable_kinds
from helpdesk.reports.map_drawing import draw
from helpdesk.reports.page_checks import catch_up, check_all, unchecked
from helpdesk.reports.rates import DAYS
from helpdesk.reports.reviews import MONTHS, review
from helpdesk.reports.work_filters import WorkFilters, read_filters
from helpdesk.reports.work_rows import LoadedRows
from helpdesk.reports.work_sections import SECTIONS, WorkEntry, WorkSection
from helpdesk.web.urls import SeeOther

# Rows of each section where all are shown, and where only one is.
FEW, MANY = 8, 50


def may_view_work(request: HttpRequest) -> bool:
    """Return whether the user may view any content."""
    return any(may_view(request, kind) for kind in listed_kinds())


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """Show what there is to do, by section, or one section a page at a time.

    At most 40 queries however much there is, and the check of a few pages that have just changed.
    """
    if not may_view_work(request):
        raise PermissionDenied
    catch_up()
    filters = read_filters(request)
    wanted = [section for section in SECTIONS if section.name == request.GET.get("section")]
    page = _page_number(request) if wanted else 1
    size = MANY if wanted else FEW
    found = {section.name: _find(section, filters, page, size) for section in wanted or SECTIONS}
    loaded = LoadedRows(request, [entry for _count, _page, entries in found.values() for entry in entries])
    sections = [
        {
            "section": section,
            "count": count,
            "page": at,
            "pages": -(-count // size),
            "rows": loaded.rows(entries, review=section.is_review),
            "address": filters.query(section=section.name),
        }
        for section in wanted or SECTIONS
        for count, at, entries in [found[section.name]]
    ]
    context = {
        **admin.site.each_context(request),
        "title": str(wanted[0].title) if wanted else gettext("Work list"),
        "sections": sections,
        "one": bool(wanted),
        "filters": filters,
        "back": request.get_full_path(),
        "months": MONTHS,
        "unchecked": unchecked(),
    }
    return TemplateResponse(request, "admin/reports/work.html", context)


def _find(section: WorkSection, filters: WorkFilters, page: int, size: int) -> tuple[int, int, list[WorkEntry]]:
    """Return the number of records in the section, and a page of them: the last one for a page beyond it."""
    count, entries = section.find(filters, slice((page - 1) * size, page * size))
    if entries or page == 1 or not count:
        return count, page, entries
    last = -(-count // size)
    return count, last, section.find(filters, slice((last - 1) * size, last * size))[1]


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return max(1, int(given)) if given.isascii() and given.isdecimal() and len(given) < 7 else 1


@require_POST
def check_pages(request: HttpRequest) -> HttpResponseBase:
    """Run the publish check over every page, and show its progress."""
    if not may_view_work(request):
        raise PermissionDenied
    return progress_page(
        request,
        check_all(),
        title=gettext("Checking all pages"),
        back_url=reverse("work"),
        back_text=gettext("Work list"),
    )


@require_POST
def reviewed(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Move the review date of a page that was read again. 400 for a number of months that is not offered."""
    chosen = next((one for one in publishable_kinds() if one.name == kind), None)
    if chosen is None:
        raise Http404
    if request.POST.get("months", "") not in map(str, MONTHS):
        raise SuspiciousOperation("not one of the numbers of months to choose from")
    page = review(request, chosen, pk, int(request.POST["months"]))
    day = day_in_words(page.review_by)
    messages.success(
        request, gettext("“%(page)s” was marked as reviewed. Next review: %(day)s.") % {"page": page, "day": day}
    )
    return SeeOther(return_url(request) or record_url(page))


@require_safe
def guide_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the map of a guide, as a picture and as a list. Twelve queries, and the check of pages just changed."""
    guide = get_object_or_404(Guide, pk=pk)
    require(request.user, "view", guide)
    catch_up(guide=guide.number)
    found = map_of(request, guide)
    context = {
        **admin.site.each_context(request),
        "title": gettext("Map of “%(guide)s”") % {"guide": guide},
        "guide": guide,
        "record_url": record_url(guide),
        "preview_url": preview_path(guide.get_absolute_url()),
        "map": found,
        "picture": draw(found),
        "days": DAYS,
    }
    return TemplateResponse(request, "admin/reports/map.html", context)
