"""Plain text of the pages that the search finds, as their content kinds give it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from helpdesk.content.kinds import ContentKind, searchable_kinds
from helpdesk.content.search_text import SearchText

CHUNK = 500


def search_texts(numbers: Iterable[int] | None = None) -> Iterator[SearchText]:
    """Yield the texts of the pages with these help numbers, or of all pages, as far as they are or will be public.

    Pages come by kind and number, in chunks of 500; the queries of each chunk are those of its kind's `SearchSource`.
    """
    wanted = None if numbers is None else list(numbers)
    for kind in searchable_kinds():
        yield from _texts_of_kind(kind, wanted)


def _texts_of_kind(kind: ContentKind, numbers: list[int] | None) -> Iterator[SearchText]:
    if kind.search is None:
        return
    pages = kind.search.queryset().order_by("number")
    if numbers is not None:
        pages = pages.filter(number__in=numbers)
    for page in pages.iterator(chunk_size=CHUNK):
        text = kind.search.text(page)
        if text is not None:
            yield text
