"""The latest changes: public pages that are new or changed, as feed, sitemap and "What's new" have them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, groupby
from typing import Any, NamedTuple

from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk.contacts.lookup import all_contacts
from helpdesk.content.kinds import ContentKind, all_kinds, kind_of

MOST_LISTED = 50


class Change(NamedTuple):
    """A page in the list of changes; it `is_new` on the day of its publication, by the portal's time zone."""

    day: date
    title: str
    path: str
    is_new: bool


def with_change(kind: ContentKind) -> QuerySet[Any]:
    """Return the published pages of a kind with `changed_at`: the last change of the page or of a text it shows."""
    moments: list[Any] = [F("updated_at"), F("publish_at")] if kind.is_publishable else [F("updated_at")]
    if kind.shows:
        # Looked up for each page: to join and group them would sort 100,000 pages with all their text.
        page = kind.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
        dates = [Coalesce(Max(f"{lookup}__updated_at"), Max("updated_at")) for lookup in kind.shows]
        last = page.annotate(last=Greatest(*dates) if len(dates) > 1 else dates[0]).values("last")
        moments.append(Coalesce(Subquery(last), F("updated_at")))
    return kind.objects.published().annotate(changed_at=Greatest(*moments) if len(moments) > 1 else moments[0])


def latest_pages() -> list[Any]:
    """Return the 50 pages with the latest changes, the latest first. One query for each kind of page in the feed."""
    found = chain.from_iterable(
        kind.feed.queryset(with_change(kind)).order_by("-changed_at")[:MOST_LISTED]
        for kind in all_kinds()
        if kind.feed is not None
    )
    return sorted(found, key=lambda page: (page.changed_at, page.number), reverse=True)[:MOST_LISTED]


def latest_changes() -> Iterator[Change]:
    """Yield those pages as the list of changes shows them."""
    for page in latest_pages():
        feed = kind_of(page).feed
        day = _day(page.changed_at)
        title = feed.title(page) if feed else str(page)
        yield Change(day, title, page.get_absolute_url(), is_new=day == _day(page.publish_at))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()


@require_safe
def news_page(request: HttpRequest) -> HttpResponse:
    """List the latest changes by day."""
    days = [(day, list(changes)) for day, changes in groupby(latest_changes(), key=lambda change: change.day)]
    return render(request, "news.html", {"days": days, "contacts": all_contacts()})
