"""Views: home page and error pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.announcements.overview import current_with_places
from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.faq.page_lookup import all_entries
from helpdesk.operations import outage
from helpdesk.portal.home_lookup import guides_of_home
from helpdesk.redirects.middleware import NotFoundPending
from helpdesk.web.urls import STAFF_PREFIX, address


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    guides, common = guides_of_home(Audience.of(request))
    context = {
        "guides": guides,
        "common": common,
        "entries": all_entries(Audience.of(request)),
        "contacts": all_contacts(),
        "announcements": current_with_places(Audience.of(request)),
    }
    return render(request, "home.html", context)


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    """Redirect to the guides on the home page."""
    return HttpResponseRedirect(address(request, "home") + "#guides")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _without_queries(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Tell staff that their account lacks the permission."""
    is_staff = getattr(getattr(request, "user", None), "is_staff", False)
    if is_staff:
        return render(request, "accounts/forbidden.html", status=403)
    return _without_queries(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404; for visitors the page is rendered by `PermanenceMiddleware`, once no redirect has the address."""
    if request.path_info.startswith(STAFF_PREFIX):
        return render(request, "404.html", status=404)
    return NotFoundPending()


def server_error(request: HttpRequest) -> HttpResponse:
    """Render the error page."""
    if outage.is_outage_now():
        return outage.outage_response(request)
    return _without_queries(request, "500.html", 500)


def _without_queries(request: HttpRequest, template: str, status: int) -> HttpResponse:
    """Render a page that the database, which may be down, is not asked for."""
    request.asks_no_database = True  # type: ignore[attr-defined]
    return render(request, template, status=status)
