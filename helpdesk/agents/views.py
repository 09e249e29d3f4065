"""Views of links for tickets. They change nothing and show only what is public, so every account may open them."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.addresses.pasted import pasted_address
from helpdesk.addresses.paths import normalize
from helpdesk.addresses.resolver import resolve
from helpdesk.agents.message import ticket_text
from helpdesk.feedback.handoffs import handoff_of, walk_of
from helpdesk.guides.models import Symptom
from helpdesk.guides.walk import Answer, split
from helpdesk.guides.walk_view import PARAMETERS, WalkView
from helpdesk.redirects.lookup import address_of_number
from helpdesk.search import query
from helpdesk.search.tokens import clean
from helpdesk.web.urls import whole_address

# The page that says what to do about a cause: the customer has found it.
_FIX = re.compile(r"/check/(?P<cause>[^/]+)/fix/?$")


@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Show the pages for these words, or redirect to that of a help number or of the reference of a hand-off."""
    pasted = request.GET.get("q", "")
    typed = clean(pasted)
    if address := address_named_by(typed) or _of_pasted_address(pasted):
        return HttpResponseRedirect(address)
    found = query.search(typed)
    title = gettext("Ticket links")
    return render(request, "admin/agents/find.html", {**admin_context(request, title), "found": found, "typed": typed})


def address_named_by(typed: str) -> str | None:
    """Return the address for a help number or a reference; None for any other words. At most three queries."""
    number = parse_help_number(typed)
    if number is not None:
        if Symptom.objects.published().filter(number=number).exists():
            return reverse("ticket", args=[number])
        return address_of_number(number)
    handoff = handoff_of(typed)
    if handoff is None or not Symptom.objects.published().filter(pk=handoff.symptom_id).exists():
        return None
    return reverse("ticket", args=[handoff.symptom.number]) + walk_of(handoff).query


def _of_pasted_address(text: str) -> str | None:
    """Return the address for that of a public page, of any page of a walk, or for the latter in a text; else None.

    At most thirteen queries.
    """
    pasted = pasted_address(text)
    if pasted is None:
        return None
    found = resolve(normalize(pasted.path))
    if found.page is None or not found.is_public:
        return None
    if not isinstance(found.page, Symptom):
        return address_of_number(found.page.number)
    said = pasted.parameters.copy()
    for name in {*said} - {*PARAMETERS, "by"}:
        del said[name]
    if in_fix := _FIX.search(pasted.path):
        said["by"] = in_fix["cause"]
    query_string = said.urlencode(safe=",")
    return reverse("ticket", args=[found.page.number]) + (f"?{query_string}" if query_string else "")


@never_cache
@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Suggest pages while the words are still being typed. At most five queries."""
    asked = clean(request.GET.get("q", ""))
    number = parse_help_number(asked)
    by_number = Symptom.objects.none()
    if number is not None:
        by_number = Symptom.objects.published().filter(number=number).select_related("guide")
    found = {"asked": asked, "suggestions": query.suggest(asked), "by_number": by_number}
    return render(request, "admin/agents/suggestions.html", found)


@never_cache
@require_safe
def link(request: HttpRequest, number: int) -> HttpResponse:
    """Show a symptom with its checks to tick, and the link that goes on after those. Two queries."""
    symptom = get_object_or_404(Symptom.objects.published().for_page(), number=number)
    if query_string := _with_tried(request):
        return HttpResponseRedirect(f"{request.path}?{query_string}")
    walk = WalkView.read(request, symptom)
    if not walk.is_normal_for(request):
        return HttpResponseRedirect(walk.url_here)
    address = whole_address(request, _page_to_send(walk))
    made = {
        "symptom": symptom,
        "walk": walk,
        "address": address,
        "short": whole_address(request, symptom.short_url),
        "message": ticket_text(walk, address),
    }
    return render(request, "admin/agents/link.html", {**admin_context(request, str(symptom)), **made})


def _page_to_send(walk: WalkView) -> str:
    """Return the page on which the customer goes on: that of the cause that was found, the next check, or the first."""
    if walk.found_check is None:
        return walk.url_next if walk.answers.query else walk.url_symptom
    if walk.found_check.cause.resolution.ends_walk:
        return walk.url_found
    return walk.after(walk.found_check.cause.slug, Answer.APPLIES)


def _with_tried(request: HttpRequest) -> str:
    """Return the query with all `tried` in `no`, too, as an address has them; "" where they are. A box sends one."""
    tried, no = (split(request.GET.getlist(name)) for name in ("tried", "no"))
    if set(tried) <= set(no):
        return ""
    asked = request.GET.copy()
    asked.setlist("no", [*no, *tried])
    return asked.urlencode()


def admin_context(request: HttpRequest, title: str) -> dict[str, Any]:
    """Return the context of every page of the admin."""
    return {**admin.site.each_context(request), "title": title}
