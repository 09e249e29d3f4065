"""Preview of the public pages for staff: drafts included, or as of a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from helpdesk.addresses.former import Moved, Renamed
from helpdesk.content.as_of import AS_OF, NOW, AsOf, WrongMoment, in_address, in_words, next_monday, read
from helpdesk.content.kinds import all_kinds
from helpdesk.contentadmin.page_links import preview_path
from helpdesk.web.urls import View, same_page

# Where the moment stands in the session of a member of staff.
SESSION_KEY = "preview-as-of"

# The moments offered beside "next Monday", and the changes listed.
MOST_MOMENTS, MOST_CHANGES = 4, 20

# Links that editors wrote into a text name public addresses; in the preview they lead on in the preview.
WRITTEN_LINKS = re.compile(rb'<a href="(?=/(?:[gsf]|guides|faq|contact)/)')


@dataclass(frozen=True, slots=True)
class Change:
    """A page that appears or goes at a moment, and where its preview is."""

    moment: datetime
    appears: bool
    title: str
    url: str


@dataclass
class Preview:
    """What a member of staff looks at under `/admin/preview/`; the banner on the page asks it."""

    as_of: AsOf = field(default_factory=AsOf)
    typed: str = ""  # what the field for the moment shows
    problem: str = ""  # what is wrong with a moment that was asked for

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
        return in_words(self.at) if self.at else ""

    @cached_property
    def _coming(self) -> list[Change]:
        """All changes that are planned from now on, the next first. Three queries."""
        return sorted(planned_changes(timezone.now()), key=lambda change: change.moment)

    @property
    def changes(self) -> list[Change]:
        """What appears and goes until the moment that is shown."""
        return [change for change in self._coming if self.at and change.moment <= self.at][:MOST_CHANGES]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen with one click: the parameter's value and its text."""
        monday = next_monday(timezone.now())
        found = [("", _("Everything, drafts too")), (NOW, _("Now, as visitors see it"))]
        found.append((in_address(monday), _("Next Monday, %(moment)s") % {"moment": in_words(monday)}))
        planned = {in_address(change.moment): in_words(change.moment) for change in self._coming}
        return [*found, *[choice for choice in planned.items() if choice not in found][:MOST_MOMENTS]]


def planned_changes(now: datetime) -> Iterator[Change]:
    """The pages that appear or go after this moment."""
    planned = Q(publish_at__gt=now) | Q(archive_at__gt=now, publish_at__isnull=False)
    for kind in all_kinds():
        if not kind.is_publishable:
            continue
        for page in kind.with_parent(kind.objects.filter(planned)):
            url = preview_path(page.get_absolute_url())
            for moment, appears in ((page.publish_at, True), (page.archive_at, False)):
                if moment and moment > now:
                    yield Change(moment, appears, str(page), url)


def preview(pages: Iterable[URLPattern]) -> list[URLPattern]:
    """The same pages for signed-in staff only, drafts included, kept out of caches and search engines."""
    return [URLPattern(page.pattern, for_staff(page.callback), page.default_args, page.name) for page in pages]


def for_staff(view: View) -> View:
    """The view with the preview switched on, once it is sure that a member of staff asks."""

    @never_cache
    @staff_member_required
    @wraps(view)
    def previewed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not hasattr(request, "preview"):  # else a form's text that is not saved yet is shown (`staff.preview_admin`)
            request.preview = asked_for(request)  # type: ignore[attr-defined]
        try:
            response = view(request, *args, **kwargs)
        except (Moved, Renamed) as moved:
            # Not for good, as it is for visitors: browsers would remember it, and at another moment it may be untrue.
            url = moved.url if isinstance(moved, Moved) else same_page(request, **moved.slugs)
            response = HttpResponseRedirect(url)
            if request.method == "POST":
                response.status_code = HTTPStatus.TEMPORARY_REDIRECT
        return finished(request, response)

    return previewed


def asked_for(request: HttpRequest) -> Preview:
    """What the address asks for, which the session keeps from then on; else what the session says."""
    session: Any = request.session
    asked = request.GET.get(AS_OF)
    if asked is None:
        return kept(session)
    try:
        as_of = read(asked)
    except WrongMoment as wrong:
        before = kept(session)
        return Preview(before.as_of, typed=asked[:40], problem=str(wrong))
    if as_of.text:
        session[SESSION_KEY] = as_of.text
    else:
        session.pop(SESSION_KEY, None)
    return _preview(as_of)


def kept(session: Any) -> Preview:
    """What was asked for last."""
    try:
        return _preview(read(str(session.get(SESSION_KEY, ""))))
    except WrongMoment:
        return Preview()


def _preview(as_of: AsOf) -> Preview:
    return Preview(as_of, typed="" if as_of.text == NOW else as_of.text)


def _problem(request: HttpRequest) -> str:
    return getattr(getattr(request, "preview", None), "problem", "")


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer as it leaves the preview: for nobody's index, its links in the preview, a wrong moment called so."""
    response.headers["X-Robots-Tag"] = "noindex"
    if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
        response.content = WRITTEN_LINKS.sub(b'<a href="' + preview_path("").encode(), response.content)
    if response.status_code == HTTPStatus.OK and _problem(request):
        response.status_code = HTTPStatus.BAD_REQUEST
    return response
