"""Pages by help number, and their short links."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from helpdesk.addresses.former import is_any_gone
from helpdesk.addresses.models import Addressed, FormerAddress, HelpNumber
from helpdesk.content.kinds import ContentKind, kind_named, page_kinds


def page_kind(number: int) -> ContentKind | None:
    """Return the kind of the page that has or had this help number; None where no page has. One query."""
    found = HelpNumber.objects.filter(number=number).first()
    kind = kind_named(found.kind) if found else None
    return kind if kind and kind.letter else None


def page_with_number(number: int) -> Addressed | None:
    """Return the page with this help number, drafts included; None where there is none. Two queries."""
    kind = page_kind(number)
    return kind.with_parent(kind.objects.filter(number=number)).first() if kind else None


def pages_by_number(numbers: Iterable[int]) -> dict[int, Addressed]:
    """Return the pages with these help numbers, drafts included. One query for each kind of page."""
    wanted = set(numbers)
    found = (kind.with_parent(kind.objects.filter(number__in=wanted)) for kind in page_kinds() if wanted)
    return {page.number: page for pages in found for page in pages}


def public_numbers(numbers: Iterable[int]) -> set[int]:
    """Return the help numbers of those pages that visitors see now. One query for each kind of page."""
    wanted = set(numbers)
    found = (kind.objects.published().filter(number__in=wanted) for kind in page_kinds() if wanted)
    return {number for pages in found for number in pages.values_list("number", flat=True)}


def is_page_gone(kind: ContentKind, number: int, *, at: datetime | None = None) -> bool:
    """Return whether visitors could once see the page with this number, and cannot now or `at` a moment. Four queries.

    A number without a record counts where a former address proves that the record was public; an ended one does too.
    """
    former = FormerAddress.objects.filter(kind=kind.name, number=number)
    return (kind.objects.filter(number=number).exists() or former.exists()) and is_any_gone(kind, [number], at=at)


def short_path(kind: ContentKind, number: int) -> str:
    """Return the path of a page's short link, its permanent address."""
    return reverse(f"help:{kind.short_url_name}", args=[number])
