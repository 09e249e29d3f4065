"""Log of searches, and of the results that visitors open."""

from __future__ import annotations

from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from helpdesk.content.audience import Audience
from helpdesk.feedback.handoffs import is_reference, without_references
from helpdesk.feedback.rate_limit import is_over_limit
from helpdesk.feedback.visitors import public_post, today, visitor_mark
from helpdesk.guides.page_lookup import SLUG
from helpdesk.search.anonymize import NUMBER, anonymize
from helpdesk.search.models import OpenedPage, Search, SearchDocument
from helpdesk.search.results import SearchResults
from helpdesk.search.tokens import clean
from helpdesk.web.timeouts import best_effort
from helpdesk.web.urls import is_early

# Staff who look at what visitors would find add it to the address, so as not to be counted as one.
UNCOUNTED = "uncounted"


def count(request: HttpRequest, found: SearchResults, *, guide: str = "") -> None:
    """Store an anonymized search: one row for a visitor, a day and the same words, with the latest result.

    Never raises: a search that cannot be counted is logged, and its page goes on.
    """
    words = _countable(found.asked)
    if words and is_counted(request):
        best_effort("A search was not counted", lambda: _count(request, words, found, guide))


def _countable(typed: str) -> str:
    """Return the words of a search to store, without reference numbers: whoever has one reads the summary."""
    words = clean(typed)
    return "" if is_reference(words) else anonymize(without_references(words, NUMBER))


def _count(request: HttpRequest, words: str, found: SearchResults, guide: str) -> None:
    if is_over_limit(request, "searches"):
        return
    search = Search(
        words=words,
        shown=anonymize(found.shown) if found.is_corrected else "",
        hits=found.total,
        guide=guide if SLUG.fullmatch(guide) else "",
        visitor=visitor_mark(request),
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
    """Return whether a visitor asked for this page, to read it now."""
    if request.method != "GET" or Audience.of(request).is_preview or UNCOUNTED in request.GET:
        return False
    return not is_early(request)


@require_POST
@public_post
def opened(request: HttpRequest) -> HttpResponse:
    """Log that a visitor opens a result: `number` is that of its document, `q` the search.

    With `suggested` it was found while typing: this is then all that counts the search. Answered 204 whatever comes,
    over the limit too: nobody waits for it.
    """
    words, number = _countable(request.POST.get("q", "")), read_number(request.POST.get("number", ""))
    suggested = "suggested" in request.POST
    if words and number:
        best_effort("An opened page was not counted", lambda: _open(request, words, number, suggested))
    return HttpResponse(status=204)


def _open(request: HttpRequest, words: str, number: int, suggested: bool) -> None:
    if is_over_limit(request, "opened") or not is_page(number):
        return
    visitor = visitor_mark(request)
    if suggested:
        new = Search(words=words, hits=1, visitor=visitor, day=today(), recorded_at=timezone.now())
        Search.objects.bulk_create([new], ignore_conflicts=True)
    search = Search.objects.filter(visitor=visitor, day=today(), words=words).first()
    if search is not None:
        OpenedPage.objects.bulk_create([OpenedPage(search=search, number=number)], ignore_conflicts=True)


def read_number(typed: str) -> int:
    """A number of a document from outside; 0 for what cannot be one."""
    digits = typed.removeprefix("-")
    return int(typed) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0


def is_page(number: int) -> bool:
    """Return whether the document of a public page has this number. One query."""
    is_open = Q(public_until=None) | Q(public_until__gt=Now())
    return SearchDocument.objects.filter(is_open, number=number, public_from__lte=Now()).exists()
