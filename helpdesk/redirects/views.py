"""View of short links, which lead to a page by its help number."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from helpdesk.addresses.former import Gone
from helpdesk.addresses.pages import is_page_gone
from helpdesk.content.audience import Audience
from helpdesk.content.kinds import kind_named
from helpdesk.web.urls import in_same_mount


@require_safe
def short_link(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Redirect with 302 to the page's present address; 410 for a page that is gone, 404 for an unused number."""
    content = kind_named(kind)
    audience = Audience.of(request)
    page = content.objects.visible_to(audience).filter(number=number).first()
    if page is not None:
        return HttpResponseRedirect(in_same_mount(request, page.get_absolute_url()))
    if is_page_gone(content, number, at=audience.as_of):
        raise Gone
    raise Http404
