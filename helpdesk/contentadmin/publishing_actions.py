"""The actions of a list of pages: publish now, back to draft, archive now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.html import record_link
from helpdesk.content.publishing import Publishable, State
from helpdesk.history.revisions import revision
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem
from helpdesk.publishcheck.validation import errors_as_stored, problem_html

DRAFT = CodedText("state-draft", gettext_lazy("Draft"))
SCHEDULED = CodedText("state-scheduled", gettext_lazy("Scheduled for %(moment)s"))
PUBLISHED = CodedText("state-published", gettext_lazy("Published since %(moment)s"))
PUBLISHED_UNTIL = CodedText("state-published-until", gettext_lazy("Published, until %(moment)s"))
ARCHIVED = CodedText("state-archived", gettext_lazy("Archived since %(moment)s"))

# Gives the page its new moments and comes back with why that is not possible, or with nothing.
Step = Callable[[Any, datetime], str]

# As many errors of one page are named in a message; its own page has them all.
MOST_ERRORS = 5


@admin.action(description=gettext_lazy("Publish now"), permissions=["publish"])
def publish_now(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> None:
    apply(model_admin, request, queryset, go_live, goes_live=True)


def go_live(page: Any, now: datetime) -> str:
    """The step to "published", from whatever a page was."""
    if page.state == State.PUBLISHED:
        return _("is published already")
    page.publish_at = now
    if page.archive_at and page.archive_at <= now:
        page.archive_at = None
    return ""


@admin.action(description=gettext_lazy("Back to draft"), permissions=["publish"])
def back_to_draft(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> None:
    def step(page: Any, now: datetime) -> str:
        if page.state == State.DRAFT:
            return _("is a draft already")
        page.publish_at = page.archive_at = None
        return ""

    apply(model_admin, request, queryset, step)


@admin.action(description=gettext_lazy("Archive now"), permissions=["publish"])
def archive_now(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> None:
    def step(page: Any, now: datetime) -> str:
        if page.state != State.PUBLISHED:
            return _("is not published, so there is nothing to archive")
        page.archive_at = now
        return ""

    apply(model_admin, request, queryset, step)


def apply(
    model_admin: Any,
    request: HttpRequest,
    queryset: QuerySet,
    step: Step,
    *,
    goes_live: bool = False,
    along: QuerySet | None = None,
) -> None:
    """Takes the step with each page on its own, so that each has its history, and says what came of it.

    Where pages go live, those with errors stay as they are. The pages `along` take the step with the others.
    """
    now = timezone.now()
    with revision(user=request.user):
        ready = []
        for page in [*locked(queryset), *(locked(along) if along is not None else ())]:
            if problem := step(page, now):
                messages.warning(request, f"“{page}” {problem}.")
            else:
                ready.append(page)
        changed = save_publishable(request, ready) if goes_live else save_all(ready)
        for page in changed:
            model_admin.log_change(request, page, logged_state(page))
    if changed:
        messages.success(request, ngettext("%d page changed.", "%d pages changed.", len(changed)) % len(changed))


def locked(queryset: QuerySet) -> QuerySet:
    """The same pages, locked; by key, without the joins of the list: PostgreSQL locks no row of an outer join."""
    pages = queryset.model._default_manager.filter(pk__in=list(queryset.values_list("pk", flat=True)))
    return pages.order_by("pk").select_for_update()


def save_all(pages: list[Any]) -> list[Any]:
    for page in pages:
        page.save()
    return pages


def save_publishable(request: HttpRequest, pages: list[Any]) -> list[Any]:
    """Saves the pages that have no errors, and says what is wrong with the others; comes back with those saved.

    They are judged together, so that two drafts which link to each other can go live. Where one has to stay, the rest
    is judged again without it: as many rounds as pages, when each hangs on the next.
    """
    while pages:
        with transaction.atomic():
            save_all(pages)
            context = CheckContext()
            wrong = {page: errors for page in pages if (errors := errors_as_stored(page, context=context))}
            if not wrong:
                return pages
            transaction.set_rollback(True)
        staying = {page: errors for page, errors in wrong.items() if is_its_own(page, errors, wrong)} or wrong
        for page, errors in staying.items():
            messages.error(request, not_published(page, errors))
        pages = [page for page in pages if page not in staying]
    return []


def is_its_own(page: Any, errors: list[Problem], wrong: Mapping[Any, Any]) -> bool:
    """Whether a page has an error that does not go away when the other wrong pages stay as they are."""
    return any(problem.record == page or problem.record not in wrong for problem in errors)


def not_published(page: Any, errors: list[Problem]) -> SafeString:
    """Why the page stays as it is, in one message; the first few reasons are enough to go on."""
    told_now = format_html_join(" ", "{}", ((problem_html(problem, page),) for problem in errors[:MOST_ERRORS]))
    text = format_html(_("{} stays as it is. {}"), record_link(page, f"“{page}”"), told_now)
    more = len(errors) - MOST_ERRORS
    return format_html("{} {}", text, ngettext("And %d more.", "And %d more.", more) % more) if more > 0 else text


def logged_state(page: Publishable) -> str:
    """Return the page's state as the log of changes stores it."""
    match page.state:
        case State.SCHEDULED if page.publish_at:
            return SCHEDULED.to_json(moment=page.publish_at)
        case State.ARCHIVED if page.archive_at:
            return ARCHIVED.to_json(moment=page.archive_at)
        case State.PUBLISHED if page.archive_at:
            return PUBLISHED_UNTIL.to_json(moment=page.archive_at)
        case State.PUBLISHED if page.publish_at:
            return PUBLISHED.to_json(moment=page.publish_at)
    return DRAFT.to_json()
