"""Content kind of outside pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, SearchSource
from helpdesk.content.search_numbers import search_number
from helpdesk.content.search_text import ALWAYS, SearchPassage, SearchText
from helpdesk.outside.models import OutsidePage
from helpdesk.text.outside_links import SCHEME


def outside_search_text(page: OutsidePage) -> SearchText | None:
    """Return the name of a page on another website; None while its address is missing."""
    if not page.address:
        return None
    return SearchText(
        search_number(page),
        "outside-page",
        page.slug,
        0,
        page.address,
        urlsplit(page.address).hostname or "",
        page.name,
        *ALWAYS,
        link=f"{SCHEME}{page.slug}",
        parts=(SearchPassage("", "", ""),),
    )


OUTSIDE_PAGE = ContentKind(
    name="outside-page",
    model=OutsidePage,
    is_on_pages=True,
    bundle=BundleFormat(omitted=("updated_at",)),
    search=SearchSource(queryset=OutsidePage.objects.all, text=outside_search_text, code=3, label=_("Another website")),
)

KINDS = (OUTSIDE_PAGE,)
