"""Content kind of legal texts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from helpdesk.content.bundle_format import BundleFormat
from helpdesk.content.kinds import ContentKind, SearchSource
from helpdesk.content.search_text import SearchPassage, SearchText, public_between
from helpdesk.legal.models import LegalText
from helpdesk.text.markdown import plain


def legal_search_text(text: LegalText) -> SearchText | None:
    """Return the words of a legal text; None for one that is not going to be public."""
    public = public_between(text)
    if public is None:
        return None
    return SearchText(
        text.number,
        "legal",
        text.slug,
        0,
        text.get_absolute_url(),
        "",
        text.title,
        *public,
        parts=(SearchPassage("", "", plain(text.text)),),
    )


LEGAL_TEXT = ContentKind(
    name="legal",
    model=LegalText,
    letter="l",
    url_name="legal-text",
    url_lookups={"legal": "slug"},
    urls="helpdesk.legal.urls",
    template="legal/text.html",
    bundle=BundleFormat(name="legal text", section="legal texts"),
    search=SearchSource(queryset=lambda: LegalText.objects.all(), text=legal_search_text, label=_("Legal text")),
)

KINDS = (LEGAL_TEXT,)
