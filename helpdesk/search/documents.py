"""Search documents: the text of a page, as its content kind gives it, and the index entry made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from helpdesk.content.kinds import ContentKind, kind_named, searchable_kinds
from helpdesk.content.search_numbers import has_help_numbers, with_numbers
from helpdesk.content.search_text import SearchText
from helpdesk.search.models import SearchDocument
from helpdesk.search.promises import link_of, phrases_by_page
from helpdesk.search.tokens import stems, words

CHUNK = 500

# So much of a page's text is looked up; PostgreSQL has a limit for it.
MOST_STEMS = 20_000


def search_texts(numbers: Iterable[int] | None = None) -> Iterator[SearchText]:
    """Yield the texts of the pages with these numbers, or of all pages, as far as they are or will be public.

    Pages come by kind and number, in chunks of 500; the queries of each chunk are those of its kind's `SearchSource`.
    What a page is promised for counts as its keywords.
    """
    wanted = None if numbers is None else list(numbers)
    promised = phrases_by_page()
    for kind in searchable_kinds():
        for text in _texts_of_kind(kind, wanted):
            phrases = promised.get(link_of(text), [])
            yield replace(text, keywords=", ".join(filter(None, [text.keywords, *phrases]))) if phrases else text


def _texts_of_kind(kind: ContentKind, numbers: list[int] | None) -> Iterator[SearchText]:
    if kind.search is None:
        return
    pages = kind.search.queryset().order_by("number" if has_help_numbers(kind) else "pk")
    if numbers is not None:
        pages = pages.filter(with_numbers(kind, numbers))
    for page in pages.iterator(chunk_size=CHUNK):
        text = kind.search.text(page)
        if text is not None:
            yield text


def label_of(name: str) -> str:
    """Return what results call pages of this kind, in the language of the portal; empty where nothing is said."""
    source = kind_named(name).search
    with override(settings.LANGUAGE_CODE):
        return str(source.label) if source else ""


def document(text: SearchText) -> SearchDocument:
    """Return the document of a page's text, unsaved."""
    now = timezone.now()
    heading, aliases = words(f"{text.title} {text.message}"), words(text.keywords)
    context = f"{text.context}\n{label_of(text.kind)}"
    others = words(context) + words(text.body)
    return SearchDocument(
        number=text.number,
        kind=text.kind,
        slug=text.slug,
        guide=text.guide,
        path=text.path,
        link=link_of(text),
        place=text.place,
        shown_title=text.title,
        shown_message=text.message,
        parts=json.dumps(text.parts, ensure_ascii=False),
        public_from=text.public_from,
        public_until=text.public_until,
        is_counted=text.public_from <= now and (text.public_until is None or text.public_until > now),
        title=" ".join(stems(text.title)),
        message=" ".join(stems(text.message)),
        keywords=" , ".join(" ".join(stems(keyword)) for keyword in text.keywords.split(",")),
        context=" ".join(stems(context)),
        body=" ".join(stems(text.body)[:MOST_STEMS]),
        heading=" ".join(heading),
        aliases=" ".join(aliases),
        words=" ".join(sorted({*heading, *aliases, *others})),
    )
