"""Actions of a list of pages: publish now, back to draft, archive now."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import datetime

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.html import record_link
from helpdesk.content.publishing import Publishable, State
from helpdesk.history.revisions import revision
from helpdesk.publishcheck.context import CheckContext
from helpdesk.publishcheck.problems import Problem
from helpdesk.publishcheck.validation import errors_as_stored, problem_html

# Sets the moments of a page, and returns why that is not possible, or an empty text.
Transition = Callable[[Publishable, datetime], str]

# Errors of one page named in a message; its own page has them all.
MOST_ERRORS = 5

# Entries of the log.
DRAFT = CodedText("log.draft", _("Draft"))
PUBLISHED = CodedText("log.published", _("Published since %(moment)s"))
PUBLISHED_UNTIL = CodedText("log.published-until", _("Published until %(moment)s"))
ARCHIVED = CodedText("log.archived", _("Archived since %(moment)s"))


@admin.action(description=_("Publish"), permissions=["publish"])
def publish_now(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> None:
    apply(model_admin, request, queryset, go_live, goes_live=True)


def go_live(page: Publishable, now: datetime) -> str:
    """Publish a page, whatever its state."""
    if page.state == State.PUBLISHED:
        return gettext("“%(page)s” is already published.") % {"page": page}
    page.publish_at = now
    if page.archive_at and page.archive_at <= now:
        page.archive_at = None
    return ""


@admin.action(description=_("Change to draft"), permissions=["publish"])
def back_to_draft(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> None:
    def transition(page: Publishable, now: datetime) -> str:
        if page.state == State.DRAFT:
            return gettext("“%(page)s” is already a draft.") % {"page": page}
        page.publish_at = page.archive_at = None
        return ""

    apply(model_admin, request, queryset, transition)


@admin.action(description=_("Archive"), permissions=["publish"])
def archive_now(model_admin: ModelAdmin, request: HttpRequest, queryset: QuerySet) -> None:
    def transition(page: Publishable, now: datetime) -> str:
        if page.state != State.PUBLISHED:
            return gettext("“%(page)s” isn't published, so it can't be archived.") % {"page": page}
        page.archive_at = now
        return ""

    apply(model_admin, request, queryset, transition)


def apply(
    model_admin: ModelAdmin,
    request: HttpRequest,
    queryset: QuerySet,
    transition: Transition,
    *,
    goes_live: bool = False,
    along: QuerySet | None = None,
) -> None:
    """Apply a transition to each page by itself, so that each has its history, and add messages with the result.

    Where pages go live, those with errors stay as they are. The pages `along` are changed with the others.
    """
    now = timezone.now()
    with revision(user=request.user):
        ready = []
        for page in [*locked(queryset), *(locked(along) if along is not None else ())]:
            if refusal := transition(page, now):
                messages.warning(request, refusal)
            else:
                ready.append(page)
        changed = save_publishable(request, ready) if goes_live else save_all(ready)
        for page in changed:
            model_admin.log_change(request, page, state_entry(page))
    if changed:
        messages.success(request, ngettext("%d page changed.", "%d pages changed.", len(changed)) % len(changed))


def state_entry(page: Publishable) -> str:
    """Return the log entry for a page's new state."""
    if page.publish_at is None:
        return DRAFT.to_json()
    if page.archive_at is None:
        return PUBLISHED.to_json(moment=page.publish_at)
    return (ARCHIVED if page.state == State.ARCHIVED else PUBLISHED_UNTIL).to_json(moment=page.archive_at)


def locked(queryset: QuerySet) -> QuerySet:
    """Return the same pages, locked; by key, since PostgreSQL locks no row of the list's outer joins."""
    pages = queryset.model._default_manager.filter(pk__in=list(queryset.values_list("pk", flat=True)))
    return pages.order_by("pk").select_for_update()


def save_all(pages: list[Publishable]) -> list[Publishable]:
    for page in pages:
        page.save()
    return pages


def save_publishable(request: HttpRequest, pages: list[Publishable]) -> list[Publishable]:
    """Save the pages that have no errors, add messages on the others, and return those saved.

    They are judged together, so that two drafts which link to each other can go live. Where one has to stay, the rest
    is judged again without it: at most as many rounds as pages.
    """
    while pages:
        with transaction.atomic():
            save_all(pages)
            context = CheckContext()
            wrong = {page: errors for page in pages if (errors := errors_as_stored(page, context))}
            if not wrong:
                return pages
            transaction.set_rollback(True)
        staying = {page: errors for page, errors in wrong.items() if is_its_own(page, errors, wrong)} or wrong
        for page, errors in staying.items():
            messages.error(request, not_published(page, errors))
        pages = [page for page in pages if page not in staying]
    return []


def is_its_own(page: Publishable, errors: list[Problem], wrong: Container[Model]) -> bool:
    """Return whether a page has an error that does not depend on the other wrong pages."""
    return any(problem.record == page or problem.record not in wrong for problem in errors)


def not_published(page: Publishable, errors: list[Problem]) -> SafeString:
    """Return the message with the first few errors of a page that stays as it is."""
    reasons = format_html_join(" ", "{}", ((problem_html(problem, page),) for problem in errors[:MOST_ERRORS]))
    text = format_html(gettext("{} wasn't changed. {}"), record_link(page, f"“{page}”"), reasons)
    more = len(errors) - MOST_ERRORS
    return format_html("{} {}", text, ngettext("And %d more.", "And %d more.", more) % more) if more > 0 else text
