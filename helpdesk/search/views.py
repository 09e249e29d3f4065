"""Views: the search page, and suggestions while typing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.announcements.overview import current_with_places
from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.feedback.handoffs import known_reference
from helpdesk.feedback.views import take_words
from helpdesk.feedback.visitors import public_post
from helpdesk.guides.page_lookup import guides_with_counts
from helpdesk.redirects.lookup import address_of_number
from helpdesk.search import query, search_log
from helpdesk.search.tokens import clean
from helpdesk.web.urls import path_of


@never_cache
def search_page(request: HttpRequest, *, words: str = "", problem: str = "") -> HttpResponse:
    """Show the results, or redirect to the page whose help number or the hand-off whose reference was typed.

    `problem` is said when a visitor's own `words` could not be taken.
    """
    typed, slug = request.GET.get("q", ""), request.GET.get("guide", "")
    if not problem and (url := _address_named_by(clean(typed))):
        return HttpResponseRedirect(url)
    found = query.search(typed, guide=slug, exact="exact" in request.GET)
    search_log.count(request, found, guide=slug)
    context: dict[str, Any] = {
        "found": found,
        "exact": "exact" in request.GET,
        "preferred": slug,  # the slug of the guide whose pages are preferred, or ""
        "contacts": all_contacts(),
        "announcements": current_with_places(Audience.of(request), among=found.numbers),
        "words": words or found.asked,
        "problem": problem,
        "sent": "sent" in request.GET and not problem,
    }
    if not found.groups:
        context["guides"] = guides_with_counts(Audience.of(request))
    return render(request, "search/search.html", context, status=422 if problem else 200)


def _address_named_by(typed: str) -> str | None:
    """Return the address for a help number or an existing reference; None for any other words."""
    number = parse_help_number(typed)
    if number is not None and (url := address_of_number(number)):
        return url
    reference = known_reference(typed)
    return path_of("handoff", reference) if reference else None


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Show suggestions for an unfinished query."""
    typed = request.GET.get("q", "")
    found = query.suggest(typed, guide=request.GET.get("guide", ""))
    # As a screen reader counts them: each place of a situation, and the search for what was typed.
    options = sum(len(suggestion.places) for suggestion in found) + bool(found)
    context = {"suggestions": found, "options": options, "asked": clean(typed)}
    return render(request, "search/suggestions.html", context)


@public_post
def words_for_staff(request: HttpRequest) -> HttpResponse:
    """Store a visitor's words for what the search did not find."""
    return take_words(request, None, again=partial(search_page, request), thanks=f"{reverse('search')}?sent=1")
