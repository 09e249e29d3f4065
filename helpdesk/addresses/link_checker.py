"""Where a link in a text leads, from the portal's own point of view; links to other sites are not followed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.urls import ResolverMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from helpdesk.addresses.page_index import Directory, Page, Span
from helpdesk.addresses.pages import short_path
from helpdesk.addresses.resolver import match_url
from helpdesk.content.kinds import kind_named, page_kinds
from helpdesk.publishcheck.problems import Severity

# Other sites and other programs; whether they are there is not ours to know.
SCHEMES = ("http", "https", "mailto", "tel")
# Pages that are not for whoever reads the text: staff's, and what one visitor wrote.
NOT_FOR_READERS = ("help:handoff", "styleguide")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a link, or could be better."""

    rule: str
    text: str
    severity: Severity = Severity.ERROR


def dead(text: str, href: str) -> Fault:
    return Fault("dead-link", text % {"href": href})


def hint(rule: str, text: str, **words: str) -> Fault:
    return Fault(rule, text % words, Severity.WARNING)


def fault_of(
    href: str, pages: Directory, moment: datetime, *, anchors: Set[str], together: Set[int] = frozenset()
) -> Fault | None:
    """What is wrong with a link or a picture's source at a moment; None where all is well or it leaves the portal.

    `anchors` are the places in the link's own text. The pages with the numbers in `together` count as public.
    """
    try:
        parts = urlsplit(href)
    except ValueError:
        return dead(_("“%(href)s” is not an address."), href)
    if parts.scheme and parts.scheme not in SCHEMES:
        return dead(_("“%(href)s” is not an address that a browser opens."), href)
    if parts.scheme in ("mailto", "tel") or (parts.netloc and parts.netloc.lower() != own_host()):
        return None
    if not parts.netloc and not parts.path.startswith("/"):
        return _within_text(href, parts, anchors)
    return _own_path(href, parts, pages, moment, together)


def own_host() -> str:
    """The host under which visitors know the portal; empty where no setting says so."""
    return urlsplit(settings.PUBLIC_URL).netloc.lower()


def _within_text(href: str, parts: SplitResult, anchors: Set[str]) -> Fault | None:
    if parts.path or parts.query or not parts.fragment:
        return dead(
            _(
                "“%(href)s” leads nowhere. An address in this portal starts with “/”, one of another site with “https://”."
            ),
            href,
        )
    if unquote(parts.fragment) not in anchors:
        return dead(_("“%(href)s” leads nowhere: no heading of this text has that name."), href)
    return None


def _own_path(href: str, parts: SplitResult, pages: Directory, moment: datetime, together: Set[int]) -> Fault | None:
    path = unquote(parts.path or "/")
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return None if _file_exists(path) else dead(_("“%(href)s” leads nowhere: there is no such file."), href)
    match = match_url(path)
    if match is None:
        return dead(_("“%(href)s” leads nowhere: there is no such page."), href)
    if "admin" in match.app_names or match.namespace == "preview" or match.view_name in NOT_FOR_READERS:
        return dead(_("“%(href)s” is not a page for visitors."), href)
    if {"number", "guide", "entry", "category"}.isdisjoint(match.kwargs):
        return None
    return _page_fault(href, match, pages, moment, together)


def _page_fault(
    href: str, match: ResolverMatch, pages: Directory, moment: datetime, together: Set[int]
) -> Fault | None:
    candidates = list(_candidates(match, pages))
    if not candidates:
        return _unknown(href, match, pages)
    open_ones = [(page, former) for page, former in candidates if page.hidden(moment, together) is None]
    page, former = (open_ones or candidates)[0]
    hidden = page.hidden(moment, together)
    words = {"name": page.name, "number": str(page.number), "href": href, "short": _short(page)}
    if hidden is not None:
        words |= {"state": hidden.in_words(moment), "needed": str(hidden.number)}
        return Fault("dead-link", _hidden_text(page, hidden) % words)
    if former:
        return hint("former-address", _("“%(href)s” is an old address of “%(name)s”. Better: %(short)s"), **words)
    if kind_named(page.kind).letter and "number" not in match.kwargs:
        text = _("“%(href)s” can change when the page is renamed. Better: %(short)s, which always leads there.")
        return hint("long-address", text, **words)
    if ends := page.ends(moment):
        words["day"] = date_format(localtime(ends), "j F Y")
        text = _("“%(href)s” leads to “%(name)s”, which is archived from %(day)s on.")
        return hint("link-that-ends", text, **words)
    return None


def _hidden_text(page: Page, hidden: Span) -> str:
    if page.kind == "category":
        return _("“%(href)s” leads to “%(name)s”, where no question is public.")
    if hidden.number == page.number:
        return _("“%(href)s” leads to “%(name)s”, which is %(state)s. Publish that page first, or remove the link.")
    return _("“%(href)s” leads to “%(name)s”, which needs help no. %(needed)s, and that is %(state)s.")


def _unknown(href: str, match: ResolverMatch, pages: Directory) -> Fault:
    number = match.kwargs.get("number")
    others = (pages.by_number(kind.name, number) for kind in page_kinds() if number is not None)
    other = next((page for page in others if page is not None), None)
    if other is not None:
        text = _("“%(href)s” leads nowhere. Help no. %(number)s is “%(name)s”: %(short)s")
        words = {"href": href, "number": str(other.number), "name": other.name, "short": _short(other)}
        return Fault("dead-link", text % words)
    return dead(_("“%(href)s” leads nowhere: there is no such page."), href)


def _short(page: Page) -> str:
    if kind_named(page.kind).letter:
        return short_path(kind_named(page.kind).model, page.number)
    return reverse("help:faq-topic", args=[page.slug])


def _candidates(match: ResolverMatch, pages: Directory) -> Iterator[tuple[Page, bool]]:
    """The pages that the address has or had, today's first, each with whether it is an old address of it."""
    named: Mapping[str, Any] = match.kwargs
    if "number" in named:
        found = pages.by_number(named["kind"], named["number"])
        yield from [(found, False)] if found else []
    elif "symptom" in named:
        for guide, former in _with_slug("guide", named["guide"], pages):
            for symptom, moved in _with_slug("symptom", named["symptom"], pages, guide.number):
                yield symptom, former or moved
    else:
        kind, word = next(pair for pair in _SLUGS if pair[1] in named)
        yield from _with_slug(kind, named[word], pages)


_SLUGS = (("guide", "guide"), ("entry", "entry"), ("category", "category"))


def _with_slug(kind: str, slug: str, pages: Directory, scope: int = 0) -> Iterator[tuple[Page, bool]]:
    today = pages.by_slug(kind, slug, scope)
    if today is not None:
        yield today, False
    for number in pages.former_owners(kind, slug, scope):
        page = pages.by_number(kind, number)
        if page is not None and page != today:
            yield page, True


def _file_exists(path: str) -> bool:
    try:
        if path.startswith(settings.STATIC_URL):
            return finders.find(path.removeprefix(settings.STATIC_URL)) is not None
        return default_storage.exists(path.removeprefix(settings.MEDIA_URL))
    except (SuspiciousOperation, ValueError, OSError):  # a path out of its folder, a NUL byte, a name too long
        return False
