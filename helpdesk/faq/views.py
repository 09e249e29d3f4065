"""The pages of the Technical FAQ."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helpdesk.addresses.former import Renamed, first_public
from helpdesk.addresses.models import FormerAddress
from helpdesk.content.audience import Audience
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.faq.page_lookup import all_entries, entries_of, entry_at
from helpdesk.guides.page_lookup import all_contacts
from helpdesk.redirects.resolver import dead_end, go_on, led_on


@require_safe
def faq_page(request: HttpRequest) -> HttpResponse:
    context = {"entries": all_entries(Audience.of(request)), "contacts": all_contacts()}
    return render(request, "faq/faq.html", context)


@require_safe
def topic_page(request: HttpRequest, category: str) -> HttpResponse:
    """All answers of one category; a category without anything to show is not there for visitors."""
    audience = Audience.of(request)
    entries = entries_of(audience, category)
    if not entries:
        shown = FaqCategory.objects.filter(entries__in=FaqEntry.objects.visible_to(audience))
        follow(audience, FaqCategory, category, shown)
    context = {"category": entries[0].category, "entries": entries, "contacts": all_contacts()}
    return render(request, "faq/topic.html", context)


@require_safe
def entry_page(request: HttpRequest, entry: str) -> HttpResponse:
    audience = Audience.of(request)
    found = entry_at(audience, entry)
    if found is None:
        follow(audience, FaqEntry, entry, FaqEntry.objects.visible_to(audience))
    return render(request, "faq/entry.html", {"entry": found, "contacts": all_contacts()})


def follow(audience: Audience, model: Any, slug: str, shown: object) -> NoReturn:
    """Raise what an address without anything to show means: Renamed, Moved, Gone or Http404."""
    slug = slug.lower()
    today = model.objects.filter(slug=slug).values_list("number", flat=True)
    owners = [*today, *FormerAddress.objects.owners(model.address_kind, slug)]
    found = first_public(model, owners, shown)
    if found is not None:
        name = "entry" if model is FaqEntry else "category"
        raise Renamed(**{name: found.slug})
    go_on(audience, led_on(model, owners))
    dead_end(model, owners, FormerAddress.objects.ended(model.address_kind, slug), at=audience.as_of)
