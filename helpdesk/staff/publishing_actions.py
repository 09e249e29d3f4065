"""The actions of a list of pages: publish now, back to draft, archive now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.publishing import State

# Gives the page its new moments and comes back with why that is not possible, or with nothing.
Step = Callable[[Any, datetime], str]


@admin.action(description=gettext_lazy("Publish now"), permissions=["publish"])
def publish_now(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> None:
    def step(page: Any, now: datetime) -> str:
        if page.state == State.PUBLISHED:
            return _("is published already")
        page.publish_at = now
        if page.archive_at and page.archive_at <= now:
            page.archive_at = None
        return model_admin.publishing_problem(page)

    apply(model_admin, request, queryset, step)


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


def apply(model_admin: Any, request: HttpRequest, queryset: QuerySet, step: Step) -> None:
    """Takes the step with each page on its own, so that each has its history, and says what came of it."""
    changed = 0
    now = timezone.now()
    with transaction.atomic():
        # By key, without the joins of the list: PostgreSQL locks no row of an outer join.
        pages = model_admin.model._default_manager.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        for page in pages.order_by("pk").select_for_update():
            problem = step(page, now)
            if problem:
                messages.warning(request, f"“{page}” {problem}.")
                continue
            page._history_user = request.user
            page.save()
            model_admin.log_change(request, page, page.state_text)
            changed += 1
    if changed:
        messages.success(request, ngettext("%d page changed.", "%d pages changed.", changed) % changed)
