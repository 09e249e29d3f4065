"""Redirects that answer for a path that no page has, and the pages that they lead to."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404

from helpdesk.addresses.former import Gone, MarkedGone, Moved, Owners, Renamed
from helpdesk.addresses.models import Addressed
from helpdesk.addresses.pages import is_page_gone, page_kind, short_path
from helpdesk.addresses.paths import ancestors, normalize
from helpdesk.addresses.resolver import owners_at, resolve
from helpdesk.addresses.routes import url_arguments
from helpdesk.content.audience import Audience
from helpdesk.content.kinds import ContentKind, kind_of
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.redirects.models import Redirect

# Longest chain of deleted pages, each led to the next one, that a visitor is made to wait for.
MOST_STEPS = 5


def follow_redirects(path: str) -> None:
    """Raise Moved or Gone where a redirect answers for this path or for one above it.

    The longest one decides. A redirect to a page that nobody may see counts as missing, and so does one above the path
    whose own path shows a page: what is missing below that page is missing. One query where there is none.
    """
    tried = ancestors(path)
    found = {redirect.path: redirect for redirect in Redirect.objects.filter(path__in=tried)} if tried else {}
    for candidate in tried:
        redirect = found.get(candidate)
        if redirect is None or (candidate != tried[0] and is_answered(candidate)):
            continue
        if redirect.target_id is None:
            raise MarkedGone
        url = destination(redirect.target_id)
        if url:
            raise Moved(url, to_another=True)


def is_answered(path: str) -> bool:
    """Return whether a page is shown at this path, or it leads to one that left it behind."""
    found = resolve(path)
    return found.is_answered or (found.owners is not None and redirected_url(found.owners) != "")


def destination(number: int) -> str:
    """Return the present path of the page with this help number, or of the page that it is redirected to.

    Empty for a page that was never public, or that is a draft again. Raises Gone.
    """
    seen: set[int] = set()
    while number not in seen and len(seen) < MOST_STEPS:
        kind = page_kind(number)
        page = kind and kind.with_parent(kind.objects.published().filter(number=number)).first()
        if page:
            return page.get_absolute_url()
        if kind is None or not is_page_gone(kind, number):
            if seen:
                break
            return ""
        seen.add(number)
        redirect = redirect_of(kind, number)
        if redirect is None or redirect.target_id is None:
            break
        number = redirect.target_id
    raise Gone


def redirect_of(kind: ContentKind, number: int) -> Redirect | None:
    """Return the redirect at a page's short link, or else at its present path. Two queries."""
    paths = paths_of_number(kind, number)
    found = {redirect.path: redirect for redirect in Redirect.objects.filter(path__in=paths)}
    return next((found[path] for path in paths if path in found), None)


def own_paths(page: Any) -> list[str]:
    """Return the path of a page's short link and its present path."""
    return [short_path(kind_of(page), page.number), normalize(page.get_absolute_url())]


def paths_of_number(kind: ContentKind, number: int) -> list[str]:
    """Return the own paths of the page with this number; of a deleted one that of its short link. One query."""
    page = kind.with_parent(kind.objects.filter(number=number)).first()
    return own_paths(page) if page else [short_path(kind, number)]


def redirected_url(owners: Owners) -> str:
    """Return where the first of these pages that is not public is redirected to; empty for nowhere.

    One query where no short link has a redirect.
    """
    kind, numbers = owners.kind, owners.numbers
    if not kind.letter or not numbers:
        return ""
    paths = {short_path(kind, number): number for number in reversed(numbers)}
    redirects = {paths[found.path]: found for found in Redirect.objects.filter(path__in=paths)}
    if not redirects:
        return ""
    public = set(kind.objects.published().filter(number__in=redirects).values_list("number", flat=True))
    for number in numbers:
        redirect = redirects.get(number)
        if redirect is None or number in public or redirect.target_id is None or not is_page_gone(kind, number):
            continue
        try:
            if url := destination(redirect.target_id):
                return url
        except Gone:
            continue
    return ""


def raise_outcome(audience: Audience, model: type[Addressed], **slugs: str) -> NoReturn:
    """Raise what an address means at which the audience sees no page: Renamed, Moved, Gone or Http404.

    `slugs` are the arguments of the URL. A slug counts in each record that has or had the slug above it, the present
    owner first: so it does not matter whether a page was renamed, moved, or two changed places.
    """
    kind = kind_of(model)
    owners = owners_at(kind, slugs)
    page = owners.first(kind.with_parent(kind.objects.visible_to(audience)))
    if page is not None:
        raise Renamed(**url_arguments(page))
    _raise_moved(audience, owners)
    parent = None
    if owners.parent is not None:
        parent = owners.parent.first(owners.parent.kind.objects.visible_to(audience))
        if parent is None:
            _raise_moved(audience, owners.parent)
            if owners.parent.were_ended_in_public():
                raise Gone
    if owners.are_gone(at=audience.as_of):
        raise Gone(parent)
    raise Http404


def _raise_moved(audience: Audience, owners: Owners) -> None:
    """Raise Moved where the owners are redirected; a preview goes on in the preview."""
    if url := redirected_url(owners):
        raise Moved(preview_path(url) if audience.is_preview else url, to_another=True)


def address_of_number(number: int) -> str | None:
    """Return the path of the public page with this help number, or of the page that it is redirected to.

    A page that is gone has its short link, which says so. None for a number that no page has or had.
    """
    kind = page_kind(number)
    if kind is None:
        return None
    try:
        return destination(number) or None
    except Gone:
        return short_path(kind, number)
