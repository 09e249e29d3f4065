"""Machine-readable addresses: feed of new and changed pages, sitemap, robots.txt, security.txt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import CharField, DateTimeField, F, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from helpdesk.addresses.pages import short_path
from helpdesk.content.kinds import ContentKind, all_kinds, kind_of
from helpdesk.identity.current import portal_name
from helpdesk.portal.news import latest_pages, with_change
from helpdesk.web.urls import path_of, whole_address

MOST_IN_SITEMAP = 50_000

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"""

# How long what security.txt says may be taken for true; the standard asks for less than a year.
SECURITY_TEXT_LASTS = timedelta(days=180)


class PageFeed(Feed):
    """Atom feed of new and changed pages, the latest first. One query for each kind of page."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return portal_name()

    def subtitle(self) -> str:
        return gettext("What's new")

    def link(self) -> str:
        return reverse("news")

    def items(self) -> list[Any]:
        return latest_pages()

    def item_title(self, item: Any) -> str:
        feed = kind_of(item).feed
        return feed.title(item) if feed else str(item)

    def item_description(self, item: Any) -> str:
        feed = kind_of(item).feed
        return feed.summary(item)[:300] if feed else ""

    def item_guid(self, item: Any) -> str:
        """Return the permanent short link, so that a rename is not a new entry."""
        return self.absolute(short_path(kind_of(item), item.number))

    def item_updateddate(self, item: Any) -> datetime:
        return item.changed_at

    def item_pubdate(self, item: Any) -> datetime:
        return item.publish_at

    def get_feed(self, obj: object, request: HttpRequest) -> SyndicationFeed:
        self.absolute = partial(whole_address, request)
        return super().get_feed(obj, request)


def pages() -> Iterator[tuple[str, datetime | None]]:
    """Yield path and moment of the last change of every public page, without the steps of walks. One query.

    Kinds whose pages are below others (symptoms) come last, since they are the many; the latest changes first.
    """
    for name in ("home", "contact-points", "faq"):
        yield path_of(name), None
    kinds = {kind.name: kind for kind in all_kinds() if kind.url_name}
    first, *others = (_sitemap_rows(kind) for kind in kinds.values())
    rows = first.union(*others, all=True).order_by("depth", "-changed_at", "-number")
    for depth, name, slug, lower_slug, changed_at, _number in rows[:MOST_IN_SITEMAP].iterator():
        kind = kinds[name]
        path = path_of(kind.url_name, slug, lower_slug) if depth > 1 else path_of(kind.url_name, slug)
        yield path, changed_at if kind.is_publishable else None


def _sitemap_rows(kind: ContentKind) -> QuerySet[Any, Any]:
    """Return the pages of a kind in the columns that the union of all kinds has."""
    slug, *lower = kind.url_lookups.values()
    columns = {
        "depth": Value(1 + len(lower)),
        "kind_name": Value(kind.name, output_field=CharField()),
        "slug_1": F(slug),
        "slug_2": F(lower[0]) if lower else Value("", output_field=CharField()),
    }
    if not kind.is_publishable:  # its changes are no changes of a page, and decide nothing about the order
        columns["changed_at"] = Value(datetime(1970, 1, 1, tzinfo=UTC), output_field=DateTimeField())
    rows = with_change(kind).order_by().annotate(**columns)
    return rows.values_list("depth", "kind_name", "slug_1", "slug_2", "changed_at", "number")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the first 50,000 pages, the limit of the protocol for one file; the latest changes first."""
    origin = escape(whole_address(request, "/").removesuffix("/"))
    lines = []
    for path, changed_at in islice(pages(), MOST_IN_SITEMAP):
        last = f"<lastmod>{timezone.localtime(changed_at):%Y-%m-%d}</lastmod>" if changed_at else ""
        lines.append(f"<url><loc>{origin}{path}</loc>{last}</url>")
    text = "\n".join([_XML, *lines, "</urlset>", ""])
    return HttpResponse(text, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Exclude staff pages and hand-offs from search engines, and name the sitemap."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /handoff/",
        f"Sitemap: {whole_address(request, reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def security_text(request: HttpRequest) -> HttpResponse:
    """Name the security contact as RFC 9116 requires; raises Http404 where none is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(timezone.now().date() + SECURITY_TEXT_LASTS, time(), UTC)
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    lines.append(f"Preferred-Languages: {settings.LANGUAGE_CODE}")
    if settings.PUBLIC_URL:
        # Only where it is sure: the host that a request names is what its sender wrote.
        lines.append(f"Canonical: {settings.PUBLIC_URL}{request.path}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
