"""Link checker: where a link in a text leads within the portal; links to other sites are not followed."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.urls import ResolverMatch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.addresses.page_index import IndexedPage, PageIndex, PublicationWindow, page_index
from helpdesk.addresses.pages import short_path
from helpdesk.addresses.routes import kind_above, kind_at, match_url, path_of_slugs, slugs_at
from helpdesk.content.kinds import kind_named, page_kinds
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import ProblemMessage, Severity, iso_day

# Other sites and other programs; whether they are there is not ours to know. Outside pages have a rule of their own.
SCHEMES = ("http", "https", "mailto", "tel", "outside")
# Pages that are not for whoever reads the text: staff's, and what one visitor wrote.
NOT_FOR_READERS = ("help:handoff", "styleguide")


def _dead(variant: str, text: Promise) -> ProblemMessage:
    return ProblemMessage("dead-link", text, variant=variant)


NO_ADDRESS = _dead("no-address", _("“%(href)s” isn't a valid address. Correct or remove the link."))
NO_SCHEME = _dead("scheme", _("“%(href)s” can't be opened in a browser. Correct or remove the link."))
NO_HOST = _dead(
    "relative",
    _(
        "“%(href)s” is a dead link. Start addresses in this portal with “/”, and those on "
        "other websites with “https://”."
    ),
)
WITH_CREDENTIALS = _dead(
    "credentials", _("“%(href)s” has a user name or password in it, which every visitor could read. Remove it.")
)
NO_HEADING = _dead("heading", _("“%(href)s” is a dead link: no heading in this text has that name."))
NO_FILE = _dead("file", _("“%(href)s” is a dead link: the file doesn't exist."))
NO_PAGE = _dead("page", _("“%(href)s” is a dead link: the page doesn't exist."))
NOT_FOR_VISITORS = _dead("not-for-visitors", _("“%(href)s” isn't a page that visitors can see. Link to another page."))
OTHER_KIND = _dead("other-kind", _("“%(href)s” is a dead link. Help no. %(number)s is “%(name)s”: use %(short)s"))
EMPTY_CATEGORY = _dead("category", _("“%(href)s” links to “%(name)s”, which has no public questions."))
# The page itself, by its state.
HIDDEN_PAGE = {
    "draft": _dead(
        "draft", _("“%(href)s” links to “%(name)s”, which is a draft. Publish that page first, or remove the link.")
    ),
    "scheduled": _dead(
        "scheduled",
        _(
            "“%(href)s” links to “%(name)s”, which isn't public until %(moment)s. Publish that "
            "page first, or remove the link."
        ),
    ),
    "archived": _dead(
        "archived", _("“%(href)s” links to “%(name)s”, which is archived. Publish that page first, or remove the link.")
    ),
}
# A page that it needs, by the state of that one.
HIDDEN_ABOVE = {
    "draft": _dead(
        "needs-draft", _("“%(href)s” links to “%(name)s”, which needs help no. %(needed)s, and that is a draft.")
    ),
    "scheduled": _dead(
        "needs-scheduled",
        _("“%(href)s” links to “%(name)s”, which needs help no. %(needed)s, and that isn't public until %(moment)s."),
    ),
    "archived": _dead(
        "needs-archived", _("“%(href)s” links to “%(name)s”, which needs help no. %(needed)s, and that is archived.")
    ),
}
FORMER_ADDRESS = ProblemMessage(
    "former-address", _("“%(href)s” is a former address of “%(name)s”. Use %(short)s instead."), Severity.WARNING
)
LONG_ADDRESS = ProblemMessage(
    "long-address",
    _("“%(href)s” can change when the page is renamed. Use %(short)s instead, which never changes."),
    Severity.WARNING,
)
LINK_THAT_ENDS = ProblemMessage(
    "link-that-ends",
    _("“%(href)s” links to “%(name)s”, which will be archived on %(day)s."),
    Severity.WARNING,
)


@dataclass(frozen=True, slots=True)
class LinkFault:
    """Fault of a link, or something to improve: a message of the publish check and its values."""

    message: ProblemMessage
    values: dict[str, str | date]


def fault(message: ProblemMessage, href: str, **values: str | date) -> LinkFault:
    return LinkFault(message, {"href": href, **values})


def link_fault(href: str, context: CheckContext, *, anchors: Set[str]) -> LinkFault | None:
    """Return what is wrong with a link or a picture's source; None for a good one and for other sites.

    `anchors` are the places in the link's own text.
    """
    try:
        parts = urlsplit(href)
    except ValueError:
        return fault(NO_ADDRESS, href)
    if parts.scheme and parts.scheme not in SCHEMES:
        return fault(NO_SCHEME, href)
    own_host = urlsplit(settings.PUBLIC_URL).netloc.lower()
    if parts.scheme in ("http", "https") and "@" in parts.netloc:
        return fault(WITH_CREDENTIALS, href)
    if parts.scheme in ("mailto", "tel", "outside") or (parts.netloc and parts.netloc.lower() != own_host):
        return None
    if not parts.netloc and not parts.path.startswith("/"):
        return _within_text(href, parts, anchors)
    return _own_path(href, parts, context)


def _within_text(href: str, parts: SplitResult, anchors: Set[str]) -> LinkFault | None:
    if parts.path or parts.query or not parts.fragment:
        return fault(NO_HOST, href)
    if unquote(parts.fragment) not in anchors:
        return fault(NO_HEADING, href)
    return None


def _own_path(href: str, parts: SplitResult, context: CheckContext) -> LinkFault | None:
    path = unquote(parts.path or "/")
    if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return None if _file_exists(path) else fault(NO_FILE, href)
    match = match_url(path)
    if match is None:
        return fault(NO_PAGE, href)
    if "admin" in match.app_names or match.namespace == "preview" or match.view_name in NOT_FOR_READERS:
        return fault(NOT_FOR_VISITORS, href)
    if "number" not in match.kwargs and kind_at(match.kwargs) is None:
        return None
    return _page_fault(href, match, context)


def _page_fault(href: str, match: ResolverMatch, context: CheckContext) -> LinkFault | None:
    pages, moment, public_with = page_index(context), context.moment, context.public_with
    candidates = list(_candidates(match, pages))
    if not candidates:
        return _unknown(href, match, pages)
    open_ones = [(page, former) for page, former in candidates if page.hidden_by(moment, public_with) is None]
    page, former = (open_ones or candidates)[0]
    hidden = page.hidden_by(moment, public_with)
    if hidden is not None:
        return _hidden_fault(href, page, hidden, moment)
    if former:
        return fault(FORMER_ADDRESS, href, name=page.name, short=_short(page))
    if kind_named(page.kind).letter and "number" not in match.kwargs:
        return fault(LONG_ADDRESS, href, short=_short(page))
    if ends := page.public_until(moment):
        return fault(LINK_THAT_ENDS, href, name=page.name, day=iso_day(ends))
    return None


def _hidden_fault(href: str, page: IndexedPage, hidden: PublicationWindow, moment: datetime) -> LinkFault:
    if not kind_named(page.kind).is_publishable:
        return fault(EMPTY_CATEGORY, href, name=page.name)
    state, since = hidden.state_at(moment)
    if hidden.number == page.number:
        return fault(HIDDEN_PAGE[state], href, name=page.name, **since)
    return fault(HIDDEN_ABOVE[state], href, name=page.name, needed=str(hidden.number), **since)


def _unknown(href: str, match: ResolverMatch, pages: PageIndex) -> LinkFault:
    number = match.kwargs.get("number")
    others = (pages.by_number(kind.name, number) for kind in page_kinds() if number is not None)
    other = next((page for page in others if page is not None), None)
    if other is not None:
        return fault(OTHER_KIND, href, number=str(other.number), name=other.name, short=_short(other))
    return fault(NO_PAGE, href)


def _short(page: IndexedPage) -> str:
    kind = kind_named(page.kind)
    return short_path(kind, page.number) if kind.letter else path_of_slugs(kind, page.slug)


def _candidates(match: ResolverMatch, pages: PageIndex) -> Iterator[tuple[IndexedPage, bool]]:
    """Yield the pages that have or had the address, the present one first, each with whether it is a former address."""
    kind = kind_at(match.kwargs)
    if kind is None:
        found = pages.by_number(match.kwargs["kind"], match.kwargs["number"])
        yield from [(found, False)] if found else []
        return
    slug, slug_above = slugs_at(kind, match.kwargs)
    above = kind_above(kind)
    scopes = [(page.number, former) for page, former in _with_slug(above.name, slug_above, pages)] if above else None
    for scope, is_former in [(0, False)] if scopes is None else scopes:
        for page, moved in _with_slug(kind.name, slug, pages, scope):
            yield page, is_former or moved


def _with_slug(kind: str, slug: str, pages: PageIndex, scope: int = 0) -> Iterator[tuple[IndexedPage, bool]]:
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
