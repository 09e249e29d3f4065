"""Validation of redirects against the pages and the other redirects; whatever makes or changes one calls it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from helpdesk.addresses.pages import page_kind
from helpdesk.addresses.paths import ancestors, path_problem
from helpdesk.redirects.availability import unavailable_because
from helpdesk.redirects.lookup import MOST_STEPS, paths_of_number, redirect_of


def validate_redirect(path: str, number: int | None, *, is_new: bool) -> None:
    """Raise ValidationError where a redirect from this path to the page with this help number could not work.

    A page that comes to have the path of a redirect hides it, so that only a new one needs a free path.
    """
    problem = path_problem(path) or (unavailable_because(path) if is_new else "")
    if not problem and number is not None and leads_back(path, number):
        problem = gettext(
            "The address belongs to that page or redirects to it, so this would be a loop. Choose another page."
        )
    if problem:
        raise ValidationError(problem)


def leads_back(path: str, number: int) -> bool:
    """Return whether the page with this number, or one it is redirected to, is itself redirected by this path.

    A few queries for each page on the way.
    """
    seen: set[int] = set()
    while number not in seen and len(seen) < MOST_STEPS:
        seen.add(number)
        kind = page_kind(number)
        if kind is None:
            return False
        if any(path in ancestors(own) for own in paths_of_number(kind, number)):
            return True
        redirect = redirect_of(kind, number)
        if redirect is None or redirect.target_id is None:
            return False
        number = redirect.target_id
    return True
