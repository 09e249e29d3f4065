"""Addresses for machines: the feed of new and changed pages, the sitemap, robots.txt, security.txt."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.contrib.syndication.views import Feed
from django.db.models import F, Max
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Guide, Symptom
from helpdesk.markdown import plain
from helpdesk.routing import whole_address

FEED_LENGTH = 50

# How long what security.txt says may be taken for true; the standard asks for less than a year.
SECURITY_TEXT_LASTS = timedelta(days=180)


def symptoms_with_change() -> Any:
    """Published symptoms with `changed_at`: the last change of the page or of a cause or resolution on it."""
    return (
        Symptom.objects.published()
        .select_related("guide")
        .annotate(
            changed_at=Greatest(
                "updated_at",
                "publish_at",
                Coalesce(Max("checks__cause__updated_at"), F("updated_at")),
                Coalesce(Max("checks__cause__resolution__updated_at"), F("updated_at")),
            )
        )
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


class _Pages(Sitemap):
    """A part of the sitemap: a list of (path, moment of the last change or None)."""

    def location(self, item: Any) -> str:
        return item[0]

    def lastmod(self, item: Any) -> Any:
        return item[1]

    def get_latest_lastmod(self) -> None:
        return None


class OverviewPages(_Pages):
    def items(self) -> list[tuple[str, Any]]:
        return [(reverse(f"help:{name}"), None) for name in ("home", "contact-points", "faq")]


class GuidePages(_Pages):
    def items(self) -> list[tuple[str, Any]]:
        return [(guide.get_absolute_url(), guide.updated_at) for guide in Guide.objects.published()]


class SymptomPages(_Pages):
    def items(self) -> list[tuple[str, Any]]:
        return [(symptom.get_absolute_url(), symptom.changed_at) for symptom in symptoms_with_change()]


class FaqPages(_Pages):
    def items(self) -> list[tuple[str, Any]]:
        topics = FaqCategory.objects.filter(entries__in=FaqEntry.objects.published()).distinct()
        entries = [(entry.get_absolute_url(), entry.changed_at) for entry in entries_with_change()]
        return [*((topic.get_absolute_url(), None) for topic in topics), *entries]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page, none of the steps of a walk."""
    return sitemap_view(
        request, {"pages": OverviewPages, "guides": GuidePages, "symptoms": SymptomPages, "faq": FaqPages}
    )


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
