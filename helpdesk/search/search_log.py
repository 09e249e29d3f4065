"""Counting what visitors look for, and which of the pages found they open."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from helpdesk.content.audience import Audience
from helpdesk.content.kinds import searchable_kinds
from helpdesk.feedback.visitors import public_post, today, too_many, visitor_mark
from helpdesk.guides.page_lookup import SLUG
from helpdesk.search.anonymize import scrub
from helpdesk.search.models import OpenedPage, Search
from helpdesk.search.results import Found
from helpdesk.web.timeouts import in_passing
from helpdesk.web.urls import is_early

# Staff who look at what visitors would find add it to the address, so as not to be counted as one.
UNCOUNTED = "uncounted"


def count(request: HttpRequest, found: Found, *, guide: str = "") -> None:
    """Keeps what a visitor looked for, scrubbed: one row for a visitor, a day and the same words, with the last result.

    Never raises: a search that cannot be counted is logged, and its page goes on.
    """
    words = scrub(found.asked)
    if words and is_counted(request):
        in_passing("A search was not counted", lambda: _count(visitor_mark(request), words, found, guide))


def _count(visitor: str, words: str, found: Found, guide: str) -> None:
    if too_many(visitor, "searches"):
        return
    search = Search(
        words=words,
        shown=scrub(found.shown) if found.is_corrected else "",
        hits=found.total,
        guide=guide if SLUG.fullmatch(guide) else "",
        visitor=visitor,
        day=today(),
        recorded_at=timezone.now(),
    )
    Search.objects.bulk_create(
        [search],
        update_conflicts=True,
        unique_fields=["visitor", "day", "words"],
        update_fields=["shown", "hits", "guide", "recorded_at"],
    )


def is_counted(request: HttpRequest) -> bool:
    """Whether a visitor asked for this page, to read it now."""
    if request.method != "GET" or Audience.of(request).is_preview or UNCOUNTED in request.GET:
        return False
    return not is_early(request)


@require_POST
@partial(public_post, allowance="opened")
def opened(request: HttpRequest) -> HttpResponse:
    """A visitor goes to a page from what the search found: `number` is its help number, `q` what was looked for.

    With `suggested` it was found while typing: this is then all that counts the search. Answered 204 whatever comes:
    nobody waits for it.
    """
    words, number = scrub(request.POST.get("q", "")), read_number(request.POST.get("number", ""))
    suggested = "suggested" in request.POST
    if words and number and is_page(number):
        in_passing("An opened page was not counted", lambda: _open(visitor_mark(request), words, number, suggested))
    return HttpResponse(status=204)


def _open(visitor: str, words: str, number: int, suggested: bool) -> None:
    if suggested:
        new = Search(words=words, hits=1, visitor=visitor, day=today(), recorded_at=timezone.now())
        Search.objects.bulk_create([new], ignore_conflicts=True)
    search = Search.objects.filter(visitor=visitor, day=today(), words=words).first()
    if search is not None:
        OpenedPage.objects.bulk_create([OpenedPage(search=search, number=number)], ignore_conflicts=True)


def read_number(typed: str) -> int:
    """A help number from outside; 0 for what cannot be one."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0


def is_page(number: int) -> bool:
    """Whether the search can find a public page with this help number. At most two queries."""
    return any(kind.objects.published().filter(number=number).exists() for kind in searchable_kinds())
