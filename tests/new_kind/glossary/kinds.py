"""Content kind of the glossary."""

from __future__ import annotations

from helpdesk.content.kinds import ContentKind, FeedSource, SearchSource
from helpdesk.content.search_text import SearchPassage, SearchText, public_between
from helpdesk.text.markdown import plain
from tests.new_kind.glossary.models import Term


def term_search_text(term: Term) -> SearchText | None:
    public = public_between(term)
    if public is None:
        return None
    return SearchText(
        term.number,
        "term",
        term.slug,
        0,
        term.get_absolute_url(),
        "Glossary",
        term.title,
        *public,
        keywords=term.keywords,
        parts=(SearchPassage("", "", plain(term.meaning)),),
    )


TERM = ContentKind(
    name="term",
    model=Term,
    letter="t",
    url_name="term",
    url_lookups={"term": "slug"},
    urls="tests.new_kind.glossary.urls",
    template="glossary/term.html",
    search=SearchSource(queryset=lambda: Term.objects.all(), text=term_search_text),
    feed=FeedSource(
        queryset=lambda terms: terms,
        title=lambda term: term.title,
        summary=lambda term: plain(term.meaning),
    ),
)

KINDS = (TERM,)
