"""Reviewed, looks right: a page that was read again gets its next review date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from helpdesk.flags.views import log
from helpdesk.permissions.rules import require
from helpdesk.reports.record_kinds import Kind

# In how many months a page is to be read again; the first is what is offered before anybody chooses.
MONTHS = (6, 3, 12)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def review(request: HttpRequest, kind: Kind, pk: int, months: int) -> Any:
    """Gives the page its next review date, and comes back with it; the history says that it was read again.

    Raises Http404, and PermissionDenied for who may not change the page.
    """
    with transaction.atomic():
        page = get_object_or_404(kind.model._default_manager.select_for_update(), pk=pk)
        require(request.user, "change", page)
        page.review_by = months_later(timezone.localdate(), months)
        page._history_user = request.user
        page._change_reason = _("Reviewed: looks right")
        page.save()
        day = date_format(page.review_by, "j F Y")
        log(request, page, _("Reviewed: looks right. Next review by %(day)s.") % {"day": day})
    return page
