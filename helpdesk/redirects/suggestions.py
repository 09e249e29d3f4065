"""Which page somebody may have meant who asked for a dead address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from helpdesk.addresses.models import RESERVED_SLUGS, FormerAddress
from helpdesk.addresses.page_index import name_of, page_models, public_numbers, records_of

# Of 100: below it, a likeness is chance.
LEAST_LIKE = 78
SCHEME = frozenset({*RESERVED_SLUGS, "guides", "faq", "s", "f", "g", "help", "index"})


@dataclass(frozen=True)
class Guess:
    """A page that visitors see, and why it may be the one."""

    number: int
    name: str
    why: str


def guesses(paths: Iterable[str]) -> dict[str, Guess]:
    """For each path that resembles a page's address, that page. A fixed number of queries, whatever the paths."""
    parts = {path: list(slugs_in(path)) for path in paths}
    slugs: dict[str, int] = {}
    for model in page_models():
        pairs: Any = model.objects.published().order_by("-number").values_list("slug", "number")
        slugs |= dict(pairs)
    former = former_owners({slug for found in parts.values() for slug in found})
    meant = {path: found for path, given in parts.items() if (found := best(given, slugs, former))}
    records = records_of(number for number, _why in meant.values())
    return {
        path: Guess(number, name_of(records[number]), why) for path, (number, why) in meant.items() if number in records
    }


def best(parts: list[str], slugs: dict[str, int], former: dict[str, int]) -> tuple[int, str] | None:
    """The number of the page that the parts of an address fit best, and why; the last parts say most."""
    for place, part in enumerate(parts):
        if part in slugs:
            return slugs[part], _("named in the address") if place else _("has the same last part")
        if part in former:
            return former[part], _("had this last part before")
        like = process.extractOne(part, slugs.keys(), scorer=fuzz.ratio, score_cutoff=LEAST_LIKE)
        if like:
            return slugs[like[0]], _("has a similar last part")
    return None


def former_owners(slugs: set[str]) -> dict[str, int]:
    """The public page that each of these slugs belonged to last."""
    rows = FormerAddress.objects.active().filter(slug__in=slugs).order_by("until", "pk")
    owners = list(rows.values_list("slug", "number"))
    public = public_numbers(number for _slug, number in owners)
    return {slug: number for slug, number in owners if number in public}


def slugs_in(path: str) -> Iterator[str]:
    """The parts of an address that may be slugs, from the last one back."""
    for part in reversed(path.strip("/").split("/")):
        slug = part.removesuffix(".html").removesuffix(".htm").replace("_", "-")
        if slug and slug not in SCHEME and not slug.isdecimal():
            yield slug
