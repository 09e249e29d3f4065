"""Pages by what staff know of them: a help number, an address, or words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib import admin
from django.http import Http404, HttpRequest

from helpdesk.addresses.former import Gone, Moved
from helpdesk.addresses.help_numbers import parse_help_number
from helpdesk.addresses.paths import ancestors, normal
from helpdesk.content.kinds import page_kinds
from helpdesk.redirects.availability import answer
from helpdesk.redirects.resolver import model_of_page, with_scope

MOST_FOUND = 8


def page_models() -> list[Any]:
    """The models whose records have a page of their own and a short link."""
    return [kind.model for kind in page_kinds()]


def records_of(numbers: Iterable[int]) -> dict[int, Any]:
    """The pages that have these numbers, drafts included. One query for each kind of page."""
    wanted = set(numbers)
    if not wanted:
        return {}
    return {
        page.number: page
        for model in page_models()
        for page in with_scope(model.objects.all()).filter(number__in=wanted)
    }


def public_numbers(numbers: Iterable[int]) -> set[int]:
    """Those of these numbers whose pages visitors see now. One query for each kind of page."""
    wanted = set(numbers)
    if not wanted:
        return set()
    found = (model.objects.published().filter(number__in=wanted) for model in page_models())
    return {number for pages in found for number in pages.values_list("number", flat=True)}


def name_of(page: Any) -> str:
    """The page as it is named where pages are chosen: "I cannot log in › Nothing happens"."""
    record_admin = admin.site._registry.get(type(page))
    return str(getattr(record_admin, "name_in_lists", str)(page))


def page_meant(typed: str) -> Any:
    """The page that a help number or an address names; None where it names none, or the text is neither."""
    number = parse_help_number(typed)
    if number is not None:
        model = model_of_page(number)
        return model and with_scope(model.objects.all()).filter(number=number).first()
    if typed.startswith(("/", "http://", "https://")):
        try:
            path = unquote(urlsplit(typed).path)
        except ValueError:  # [ without ]
            return None
        return page_at(path) if parse_help_number(path) is None else page_meant(path)
    return None


def page_at(path: str, *, follow: bool = True) -> Any:
    """The page at this path, or that this path is a step of, or that it leads to now; None where there is none."""
    above = ancestors(path)
    if not above:
        return None
    try:
        answer(above[0])
    except Moved as moved:
        return page_at(unquote(urlsplit(moved.url).path), follow=False) if follow else None
    except (Http404, Gone):
        del above[1:]  # a page that visitors do not see is meant only at its very address
    slugs = {part for parent in above for part in parent.split("/") if part}
    found = {
        normal(page.get_absolute_url()): page
        for model in page_models()
        for page in with_scope(model.objects.all()).filter(slug__in=slugs)
    }
    return next((found[parent] for parent in above if parent in found), None)


def pages_with(request: HttpRequest, words: str) -> list[Any]:
    """The pages that the search of their admin finds with these words, as far as the user may look at them."""
    found: list[Any] = []
    for model in page_models():
        record_admin = admin.site._registry.get(model)
        if record_admin is None or not record_admin.has_view_permission(request):
            continue
        pages, _ = record_admin.get_search_results(request, with_scope(model.objects.all()), words)
        numbers = pages.order_by("number").values_list("number", flat=True).distinct()[:MOST_FOUND]
        found += with_scope(model.objects.all()).filter(number__in=list(numbers))
    return found
