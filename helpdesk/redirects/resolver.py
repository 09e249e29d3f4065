"""Where an address leads that nothing answers at: what staff have decided for it, or for the page that had it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NoReturn

from django.http import Http404

from helpdesk.addresses.former import Gone, LeftGone, Moved, has_short_link, short_link_path, was_public
from helpdesk.addresses.help_numbers import HIGHEST_NUMBER
from helpdesk.addresses.models import FormerAddress, HelpNumber, model_of
from helpdesk.addresses.paths import ancestors, normal
from helpdesk.content.audience import Audience
from helpdesk.content.publishing import Publishable
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.redirects.availability import answer
from helpdesk.redirects.models import Redirect

# A page whose page whose page … is gone as well: nobody has that many, and nobody shall wait for it.
MOST_STEPS = 5


def lead_on(path: str) -> None:
    """Raises Moved or Gone where a redirect answers for this path or for one that it stands below.

    The longest one decides. One that leads to a page nobody may see acts as if it were not there, and so does one at
    the address of a page that is there: what is missing below that page is missing. One query where there is none.
    """
    tried = ancestors(path)
    found = {redirect.path: redirect for redirect in Redirect.objects.filter(path__in=tried)} if tried else {}
    for candidate in tried:
        redirect = found.get(candidate)
        if redirect is None or (candidate != tried[0] and is_alive(candidate)):
            continue
        if redirect.target_id is None:
            raise LeftGone
        url = destination(redirect.target_id)
        if url:
            raise Moved(url, to_another=True)


def is_alive(path: str) -> bool:
    """Whether a page answers at this path, or it leads to one that left it behind."""
    try:
        answer(path)
    except Moved:
        return True
    except (Http404, Gone):
        return False
    return True


def destination(number: int) -> str:
    """The present address of the page with this number, or of the one that it was led on to.

    Empty for a page that nobody has ever seen, or that is a draft again. Raises Gone.
    """
    seen: set[int] = set()
    while number not in seen and len(seen) < MOST_STEPS:
        model = model_of_page(number)
        page = model and with_scope(model.objects.published()).filter(number=number).first()
        if page:
            return page.get_absolute_url()
        if model is None or not was_seen(model, number):
            if seen:
                break
            return ""
        seen.add(number)
        redirect = onward(model, number)
        if redirect is None or redirect.target_id is None:
            break
        number = redirect.target_id
    raise Gone


def onward(model: Any, number: int) -> Redirect | None:
    """The redirect that a page's own address has: its short link, or where the page would be. Two queries."""
    paths = [short_path(model, number)]
    paths += [normal(page.get_absolute_url()) for page in model.objects.filter(number=number)]
    found = {redirect.path: redirect for redirect in Redirect.objects.filter(path__in=paths)}
    return next((found[path] for path in paths if path in found), None)


def led_on(model: Any, owners: Sequence[int]) -> str:
    """Where the first of these pages that is not public was led on to; empty for nowhere. One query for nothing."""
    if not has_short_link(model.address_kind) or not owners:
        return ""
    paths = {short_path(model, number): number for number in reversed(owners)}
    redirects = {paths[found.path]: found for found in Redirect.objects.filter(path__in=paths)}
    if not redirects:
        return ""
    public = set(model.objects.published().filter(number__in=redirects).values_list("number", flat=True))
    for number in owners:
        redirect = redirects.get(number)
        if redirect is None or number in public or redirect.target_id is None or not was_seen(model, number):
            continue
        try:
            if url := destination(redirect.target_id):
                return url
        except Gone:
            continue
    return ""


def go_on(audience: Audience, url: str) -> None:
    """Raises Moved to where pages were led on to; in the preview the way stays in it. Nothing for an empty one."""
    if url:
        raise Moved(preview_path(url) if audience.is_preview else url, to_another=True)


def dead_end(
    model: Any,
    owners: Iterable[int],
    ended: Sequence[int] = (),
    *,
    record: Any = None,
    at: datetime | None = None,
) -> NoReturn:
    """Raises what an address means whose owners are not to be seen: gone, or never there.

    `ended` are those to whom it led until staff ended that; `record` is what the page for 410 may name. `at` is the
    moment that counts; None for now.
    """
    if was_public(model, owners, at=at) or is_no_secret(model, ended):
        raise Gone(record)
    raise Http404


def is_no_secret(model: Any, numbers: Sequence[int]) -> bool:
    """Whether one of these is no draft: visitors see it, or once did. At most three queries, none for no number."""
    if not numbers:
        return False
    if not issubclass(model, Publishable) or was_public(model, numbers):
        return True
    return model.objects.published().filter(number__in=numbers).exists()


def address_of_number(number: int) -> str | None:
    """The address of the public page with this help number, or of the one that staff lead its visitors to.

    The short one, which says so, where the page is gone. None for a number that no page has or had.
    """
    model = model_of_page(number)
    if model is None:
        return None
    try:
        return destination(number) or None
    except Gone:
        return short_link_path(model.address_kind, number)


def model_of_page(number: int) -> Any:
    """The model of the page with this help number, None where none has or had it. One query."""
    found = HelpNumber.objects.filter(number=number).first() if 0 < number <= HIGHEST_NUMBER else None
    return model_of(found.kind) if found and has_short_link(found.kind) else None


def was_seen(model: Any, number: int, *, at: datetime | None = None) -> bool:
    """Whether visitors could once see the page with this number, and cannot now or `at` a moment. Four queries."""
    known = model.objects.filter(number=number) or FormerAddress.objects.filter(kind=model.address_kind, number=number)
    return bool(known) and was_public(model, [number], at=at)


def with_scope(pages: Any) -> Any:
    """The pages with the guide they stand in, which their addresses and names need."""
    scope = pages.model.address_scope
    return pages.select_related(scope) if scope else pages


def short_path(model: Any, number: int) -> str:
    """The path of the page's short link, its name for good: a redirect there leads on whatever leads to the page."""
    return short_link_path(model.address_kind, number)
