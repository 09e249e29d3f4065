"""Suggestions of the page that a visitor may have meant who asked for a path that no page has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from helpdesk.addresses.models import RESERVED_SLUGS, FormerAddress
from helpdesk.addresses.pages import pages_by_number, public_numbers
from helpdesk.content.kinds import page_kinds
from helpdesk.redirects.page_search import name_of

# Of 100: below it, a likeness is chance.
MIN_LIKENESS = 78
# Parts of addresses that name no page; the letters of short links come from the registry.
NO_SLUGS = frozenset({*RESERVED_SLUGS, "guides", "faq", "help", "index"})


class SuggestionReason(TextChoices):
    """Reason why a page is suggested."""

    SAME_SLUG = "same-slug", _("same slug")
    NAMED_ABOVE = "named-above", _("number in the address")
    FORMER_SLUG = "former-slug", _("former slug")
    SIMILAR_SLUG = "similar-slug", _("similar slug")


@dataclass(frozen=True, slots=True)
class PageSuggestion:
    """A page that visitors see, and the reason to suggest it."""

    number: int
    name: str
    reason: SuggestionReason


def suggest_pages(paths: Iterable[str]) -> dict[str, PageSuggestion]:
    """Return a suggestion for each path that resembles a page's address. A fixed number of queries for all paths."""
    parts = {path: list(slugs_in(path)) for path in paths}
    slugs: dict[str, int] = {}
    for kind in page_kinds():
        slugs |= dict(kind.objects.published().order_by("-number").values_list("slug", "number"))
    former = latest_public_owners({slug for found in parts.values() for slug in found})
    best = {path: found for path, given in parts.items() if (found := best_match(given, slugs, former))}
    pages = pages_by_number(number for number, _reason in best.values())
    return {
        path: PageSuggestion(number, name_of(pages[number]), reason)
        for path, (number, reason) in best.items()
        if number in pages
    }


def best_match(
    parts: list[str], slugs: Mapping[str, int], former: Mapping[str, int]
) -> tuple[int, SuggestionReason] | None:
    """Return the help number of the page that fits best, and the reason; `parts` begins with the last part."""
    for place, part in enumerate(parts):
        if part in slugs:
            return slugs[part], SuggestionReason.NAMED_ABOVE if place else SuggestionReason.SAME_SLUG
        if part in former:
            return former[part], SuggestionReason.FORMER_SLUG
        like = process.extractOne(part, slugs.keys(), scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS)
        if like:
            return slugs[like[0]], SuggestionReason.SIMILAR_SLUG
    return None


def latest_public_owners(slugs: set[str]) -> dict[str, int]:
    """Return for each former slug the latest of its owners that is public."""
    rows = FormerAddress.objects.active().filter(slug__in=slugs).order_by("until", "pk")
    owners = list(rows.values_list("slug", "number"))
    public = public_numbers(number for _slug, number in owners)
    return {slug: number for slug, number in owners if number in public}


def slugs_in(path: str) -> Iterator[str]:
    """Yield the parts of a path that may be slugs, from the last one back."""
    no_slugs = NO_SLUGS | {kind.letter for kind in page_kinds()}
    for part in reversed(path.strip("/").split("/")):
        slug = part.removesuffix(".html").removesuffix(".htm").replace("_", "-")
        if slug and slug not in no_slugs and not slug.isdecimal():
            yield slug
