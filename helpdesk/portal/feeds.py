"""Addresses for machines: the feed of new and changed pages, the sitemap, robots.txt, security.txt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from helpdesk.faq.models import FaqEntry
from helpdesk.guides.models import Check, Guide, Symptom
from helpdesk.text.markdown import plain
from helpdesk.web.urls import path_of, whole_address

FEED_LENGTH = 50
MOST_IN_SITEMAP = 50_000

_XML = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"""

# How long what security.txt says may be taken for true; the standard asks for less than a year.
SECURITY_TEXT_LASTS = timedelta(days=180)


def symptoms_with_change() -> Any:
    """Published symptoms with `changed_at`: the last change of the page or of a cause or resolution on it."""
    checks = Check.objects.filter(symptom=OuterRef("pk")).order_by().values("symptom")
    # Looked up for each symptom: to join and group them would sort 100,000 pages with all their text.
    last = checks.annotate(last=Greatest(Max("cause__updated_at"), Max("cause__resolution__updated_at"))).values("last")
    return (
        Symptom.objects.published()
        .select_related("guide")
        .annotate(changed_at=Greatest("updated_at", "publish_at", Coalesce(Subquery(last), F("updated_at"))))
    )


def entries_with_change() -> Any:
    return FaqEntry.objects.published().annotate(changed_at=Greatest("updated_at", "publish_at"))


class PageFeed(Feed):
    """New and changed symptoms and FAQ entries, the latest first, as Atom. Two queries."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return settings.PORTAL_NAME

    def subtitle(self) -> str:
        return _("New and changed help pages")

    def link(self) -> str:
        return reverse("help:home")

    def items(self) -> list[Symptom | FaqEntry]:
        found = chain(
            symptoms_with_change().order_by("-changed_at")[:FEED_LENGTH],
            entries_with_change().order_by("-changed_at")[:FEED_LENGTH],
        )
        return sorted(found, key=lambda page: (page.changed_at, page.number), reverse=True)[:FEED_LENGTH]

    def item_title(self, item: Symptom | FaqEntry) -> str:
        return f"{item.guide.short_title}: {item.title}" if isinstance(item, Symptom) else item.question

    def item_description(self, item: Symptom | FaqEntry) -> str:
        return plain(item.introduction or item.message if isinstance(item, Symptom) else item.answer)[:300]

    def item_guid(self, item: Symptom | FaqEntry) -> str:
        """The permanent short address, so that a rename is no new entry."""
        return self.absolute(item.short_url)

    def item_updateddate(self, item: Any) -> datetime:
        return item.changed_at

    def item_pubdate(self, item: Any) -> datetime:
        return item.publish_at

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        self.absolute = partial(whole_address, request)
        return super().get_feed(obj, request)


def pages() -> Iterator[tuple[str, datetime | None]]:
    """Every public page, none of the steps of a walk, with the moment of its last change. Three queries."""
    for name in ("home", "contact-points", "faq"):
        yield path_of(name), None
    for slug, changed_at in Guide.objects.published().values_list("slug", "updated_at"):
        yield path_of("guide", slug), changed_at
    # In the order of the FAQ, as its entries are.
    entries = entries_with_change().values_list("category__slug", "slug", "changed_at")
    topics: dict[str, list[tuple[str, datetime]]] = {}
    for topic, slug, changed_at in entries:
        topics.setdefault(topic, []).append((slug, changed_at))
    for topic, changes in topics.items():
        yield path_of("faq-topic", topic), None
        for slug, changed_at in changes:
            yield path_of("faq-entry", slug), changed_at
    symptoms = symptoms_with_change().values_list("guide__slug", "slug", "changed_at")
    for guide, slug, changed_at in symptoms.order_by("-changed_at", "-number")[:MOST_IN_SITEMAP].iterator():
        yield path_of("symptom", guide, slug), changed_at


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The first 50,000 pages, as many as the protocol has in a file; what changed last comes first."""
    origin = escape(whole_address(request, "/").removesuffix("/"))
    lines = []
    for path, changed_at in islice(pages(), MOST_IN_SITEMAP):
        last = f"<lastmod>{timezone.localtime(changed_at):%Y-%m-%d}</lastmod>" if changed_at else ""
        lines.append(f"<url><loc>{origin}{path}</loc>{last}</url>")
    text = "\n".join([_XML, *lines, "</urlset>", ""])
    return HttpResponse(text, content_type="application/xml", headers={"X-Robots-Tag": "noindex"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave out, and where the list of pages is."""
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
    """Whom to tell of a weakness, as RFC 9116 has it; raises Http404 where the operator named nobody."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(timezone.now().date() + SECURITY_TEXT_LASTS, time(), UTC)
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    lines.append(f"Preferred-Languages: {settings.LANGUAGE_CODE}")
    if settings.PUBLIC_URL:
        # Only where it is sure: the host that a request names is what its sender wrote.
        lines.append(f"Canonical: {settings.PUBLIC_URL}{request.path}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
