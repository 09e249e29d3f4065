"""The pages of the Technical FAQ."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpdesk.addresses.former import Moved, first_public
from helpdesk.addresses.models import FormerAddress
from helpdesk.content.publishing import preview_moment
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.faq.page_lookup import all_entries, entries_of, entry_at
from helpdesk.guides.page_lookup import all_contacts
from helpdesk.redirects.resolver import dead_end, go_on, led_on
from helpdesk.web.fragments import render
from helpdesk.web.urls import same_page


@require_safe
def faq_page(request: HttpRequest) -> HttpResponse:
    context = {"entries": all_entries(request), "contacts": all_contacts(request)}
    return render(request, "faq/faq.html", context)


@require_safe
def topic_page(request: HttpRequest, category: str) -> HttpResponse:
    """All answers of one category; a category without anything to show is not there for visitors."""
    entries = entries_of(request, category)
    if not entries:
        follow(
            request, FaqCategory, category, FaqCategory.objects.filter(entries__in=FaqEntry.objects.shown_to(request))
        )
    context = {"category": entries[0].category, "entries": entries, "contacts": all_contacts(request)}
    return render(request, "faq/topic.html", context)


@require_safe
def entry_page(request: HttpRequest, entry: str) -> HttpResponse:
    found = entry_at(request, entry)
    if found is None:
        follow(request, FaqEntry, entry, FaqEntry.objects.shown_to(request))
    return render(request, "faq/entry.html", {"entry": found, "contacts": all_contacts(request)})


def follow(request: HttpRequest, model: Any, slug: str, shown: object) -> NoReturn:
    """Raises what an address without anything to show means: moved, gone, or never there."""
    slug = slug.lower()
    today = model.objects.filter(slug=slug).values_list("number", flat=True)
    owners = [*today, *FormerAddress.objects.owners(model.address_kind, slug)]
    found = first_public(model, owners, shown)
    if found is not None:
        name = "entry" if model is FaqEntry else "category"
        raise Moved(same_page(request, **{name: found.slug}))
    go_on(request, led_on(model, owners))
    dead_end(model, owners, FormerAddress.objects.ended(model.address_kind, slug), at=preview_moment(request))
