"""Search for a page by what staff know of it: a help number, an address, or words."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.addresses.models import Addressed
from helpdesk.addresses.pages import page_with_number
from helpdesk.addresses.pasted import path_of
from helpdesk.addresses.paths import ancestors
from helpdesk.addresses.resolver import resolve
from helpdesk.content.kinds import page_kinds
from helpdesk.redirects.lookup import redirected_url
from helpdesk.web.urls import STAFF_PREFIX

MOST_FOUND = 8


def name_of(page: Model) -> str:
    """Return the page's name in lists of pages of all kinds: "I cannot log in › Nothing happens"."""
    record_admin = admin.site._registry.get(type(page))
    return str(getattr(record_admin, "name_in_lists", str)(page))


def find_page(typed: str) -> Addressed | None:
    """Return the page that a help number or an address names, drafts included; None where it names none.

    An address of the admin names the page whose preview or record it shows.
    """
    number = parse_help_number(typed)
    if number is not None:
        return page_with_number(number)
    return _page_at(path_of(typed))


def _page_at(path: str) -> Addressed | None:
    number = parse_help_number(path)
    if number is not None:
        return page_with_number(number)
    normal = next(iter(ancestors(path)), "")
    found = resolve(normal)
    if found.is_public or not found.owners or normal.startswith(STAFF_PREFIX):
        return found.page
    url = redirected_url(found.owners)
    return resolve(url).page if url else found.page


def search_pages(request: HttpRequest, words: str) -> list[Addressed]:
    """Return the pages that the search of their admin finds, as far as the user may view them."""
    found: list[Addressed] = []
    for kind in page_kinds():
        record_admin = admin.site._registry.get(kind.model)
        if record_admin is None or not record_admin.has_view_permission(request):
            continue
        pages, _duplicates = record_admin.get_search_results(request, kind.objects.all(), words)
        numbers = pages.order_by("number").values_list("number", flat=True).distinct()[:MOST_FOUND]
        found += kind.with_parent(kind.objects.filter(number__in=list(numbers)))
    return found
