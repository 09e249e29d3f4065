"""Preview of the public pages for staff: drafts included, or as of a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http import HTTPStatus

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from helpdesk.addresses.former import Moved, Renamed
from helpdesk.content.as_of import AS_OF, NOW, AsOf, WrongMoment, in_address, next_monday, read
from helpdesk.content.audience import set_preview
from helpdesk.content.dates import moment_in_words
from helpdesk.content.kinds import all_kinds
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.outside.links import fill_response
from helpdesk.web.urls import View, same_page

# The key of the moment in the session.
SESSION_KEY = "preview-as-of"

# The moments offered beside "next Monday", and the changes listed.
MOST_MOMENTS, MOST_CHANGES = 4, 20

# Links in texts have public addresses; in the preview they are rewritten to stay in the preview.
LINKS_IN_TEXTS = re.compile(rb'<a href="(?=/(?:[a-z]/[0-9]|guides/|faq/|legal/|contact/))')


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A planned publication or archiving of a page; `url` is its preview."""

    moment: datetime
    appears: bool
    title: str
    url: str


@dataclass
class Preview:
    """The state of a preview, for `Audience.of` and for the banner on the page."""

    as_of: AsOf = field(default_factory=AsOf)
    typed: str = ""  # the value of the field for the moment
    problem: str = ""  # why a moment that was typed is refused

    @property
    def at(self) -> datetime | None:
        """The moment; None for everything, drafts too."""
        return self.as_of.moment

    @property
    def is_now(self) -> bool:
        return self.as_of.text == NOW

    @property
    def zone(self) -> str:
        """The time zone in which moments are typed and shown."""
        return timezone.get_current_timezone_name()

    @property
    def moment_text(self) -> str:
        return moment_in_words(self.at) if self.at else ""

    @cached_property
    def _coming(self) -> list[PlannedChange]:
        """All changes that are planned from now on, the next first. Three queries."""
        return sorted(planned_changes(timezone.now()), key=lambda change: change.moment)

    @property
    def changes(self) -> list[PlannedChange]:
        """The changes until the moment that is shown."""
        return [change for change in self._coming if self.at and change.moment <= self.at][:MOST_CHANGES]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The moments offered as links: the parameter's value and its text."""
        monday = next_monday(timezone.now())
        found = [("", gettext("Everything, drafts too")), (NOW, gettext("Now, as visitors see it"))]
        found.append((in_address(monday), gettext("Next Monday, %(moment)s") % {"moment": moment_in_words(monday)}))
        planned = {in_address(change.moment): moment_in_words(change.moment) for change in self._coming}
        return [*found, *[choice for choice in planned.items() if choice not in found][:MOST_MOMENTS]]


def planned_changes(now: datetime) -> Iterator[PlannedChange]:
    """Yield the publications and archivings after this moment. One query for each kind."""
    planned = Q(publish_at__gt=now) | Q(archive_at__gt=now, publish_at__isnull=False)
    for kind in all_kinds():
        if not kind.is_publishable:
            continue
        for page in kind.with_parent(kind.objects.filter(planned)):
            url = preview_path(page.get_absolute_url())
            for moment, appears in ((page.publish_at, True), (page.archive_at, False)):
                if moment and moment > now:
                    yield PlannedChange(moment, appears, str(page), url)


def preview(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """Return the same pages for signed-in staff only, kept out of caches and search engines."""
    return [URLPattern(page.pattern, for_staff(page.callback), page.default_args, page.name) for page in pages]


def for_staff(view: View) -> View:
    """Wrap a public view: require a member of staff, set the preview, and keep links in the preview."""

    @never_cache
    @staff_member_required
    @wraps(view)
    def previewed(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not hasattr(request, "preview"):  # else unsaved text of a form is shown (`contentadmin.preview`)
            set_preview(request, preview_of(request))
        try:
            response = view(request, *args, **kwargs)
        except (Moved, Renamed) as moved:
            # Not permanent, as it is for visitors: browsers would remember it, and at another moment it may be untrue.
            url = moved.url if isinstance(moved, Moved) else same_page(request, **moved.slugs)
            response = HttpResponseRedirect(url)
            if request.method == "POST":
                response.status_code = HTTPStatus.TEMPORARY_REDIRECT
        return finish(request, response)

    return previewed


def preview_of(request: HttpRequest) -> Preview:
    """Return the preview that the address asks for, and store it in the session; else the one of the session."""
    session = request.session
    asked = request.GET.get(AS_OF)
    if asked is None:
        return stored_preview(session)
    try:
        as_of = read(asked)
    except WrongMoment as wrong:
        before = stored_preview(session)
        return Preview(before.as_of, typed=asked[:40], problem=str(wrong))
    if as_of.text:
        session[SESSION_KEY] = as_of.text
    else:
        session.pop(SESSION_KEY, None)
    return _preview(as_of)


def stored_preview(session: SessionBase) -> Preview:
    """Return the preview that was asked for last."""
    try:
        return _preview(read(str(session.get(SESSION_KEY, ""))))
    except WrongMoment:
        return Preview()


def _preview(as_of: AsOf) -> Preview:
    return Preview(as_of, typed="" if as_of.text == NOW else as_of.text)


def _problem(request: HttpRequest) -> str:
    return getattr(getattr(request, "preview", None), "problem", "")


def finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Make a response that of a preview: not indexed, links in texts rewritten, 400 for a refused moment."""
    response.headers["X-Robots-Tag"] = "noindex"
    fill_response(response)  # now: an unsaved address is rolled back once the page is made
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = LINKS_IN_TEXTS.sub(b'<a href="' + preview_path("").encode(), response.content)
    if response.status_code == HTTPStatus.OK and _problem(request):
        response.status_code = HTTPStatus.BAD_REQUEST
    return response
