"""Views of the Technical FAQ."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.audience import Audience
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.faq.page_lookup import all_entries, entries_of, entry_at
from helpdesk.redirects.lookup import raise_outcome


@require_safe
def faq_page(request: HttpRequest) -> HttpResponse:
    context = {"entries": all_entries(Audience.of(request)), "contacts": all_contacts()}
    return render(request, "faq/faq.html", context)


@require_safe
def topic_page(request: HttpRequest, category: str) -> HttpResponse:
    """Show all answers of one category. A category without visible entries is answered 404."""
    audience = Audience.of(request)
    entries = entries_of(audience, category)
    if not entries:
        raise_outcome(audience, FaqCategory, category=category)
    context = {"category": entries[0].category, "entries": entries, "contacts": all_contacts()}
    return render(request, "faq/topic.html", context)


@require_safe
def entry_page(request: HttpRequest, entry: str) -> HttpResponse:
    audience = Audience.of(request)
    found = entry_at(audience, entry)
    if found is None:
        raise_outcome(audience, FaqEntry, entry=entry)
    return render(request, "faq/entry.html", {"entry": found, "contacts": all_contacts()})
