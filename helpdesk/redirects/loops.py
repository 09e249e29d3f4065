"""Redirects that would lead back to where they begin."""

from __future__ import annotations

from helpdesk.addresses.paths import ancestors, normal
from helpdesk.redirects.resolver import MOST_STEPS, model_of_page, onward, short_path


def goes_round(path: str, number: int) -> bool:
    """Whether the page with this number, or one that it is led on to, is itself led on by this path.

    A few queries for each page on the way.
    """
    seen: set[int] = set()
    while number not in seen and len(seen) < MOST_STEPS:
        seen.add(number)
        model = model_of_page(number)
        if model is None:
            return False
        own = [short_path(model, number)]
        own += [normal(page.get_absolute_url()) for page in model.objects.filter(number=number)]
        if any(path in ancestors(address) for address in own):
            return True
        redirect = onward(model, number)
        if redirect is None or redirect.target_id is None:
            return False
        number = redirect.target_id
    return True
