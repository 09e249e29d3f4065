"""Reviews: a page that was read again gets its next review date."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.coded_text import CodedText
from helpdesk.content.kinds import ContentKind
from helpdesk.flags.views import log
from helpdesk.history.reasons import Reason
from helpdesk.history.revisions import revision
from helpdesk.permissions.rules import require

# Months until the next review; the first is selected at first.
MONTHS = (6, 3, 12)

REVIEWED = CodedText("log.reviewed", _("Reviewed, no changes needed. Next review by %(day)s."))


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def review(request: HttpRequest, kind: ContentKind, pk: int, months: int) -> Any:
    """Give the page its next review date, with a revision and an entry in the log; return the page.

    Raises Http404, and PermissionDenied for a user who may not change the page.
    """
    with transaction.atomic():
        page = get_object_or_404(kind.objects.select_for_update(), pk=pk)
        require(request.user, "change", page)
        page.review_by = months_later(timezone.localdate(), months)
        with revision(Reason.REVIEWED, user=request.user):
            page.save()
        log(request, page, REVIEWED.to_json(day=page.review_by))
    return page
