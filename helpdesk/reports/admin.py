"""Links and panels of the reports on other admin pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from helpdesk.adminkit.extensions import StaffLink, index_links, record_links, record_panels
from helpdesk.content.kinds import is_content, kind_of
from helpdesk.content.publishing import Publishable
from helpdesk.guides.models import Guide
from helpdesk.permissions.rules import allowed
from helpdesk.reports.reviews import MONTHS
from helpdesk.reports.views import may_view_work


@record_links
def map_link(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    """Yield the link to the map on the page of a guide."""
    if isinstance(record, Guide):
        help_text = gettext("The guide as a diagram, with success rates and problems")
        yield StaffLink(gettext("Map"), reverse("guide-map", args=[record.pk]), help_text)


@index_links
def work_link(request: HttpRequest) -> Iterator[StaffLink]:
    """Yield the link to the work list for users who may view content."""
    if may_view_work(request):
        help_text = gettext("Flags, problems, drafts, scheduled pages and reviews")
        yield StaffLink(gettext("Work list"), reverse("work"), help_text)


@record_panels
def review_panel(request: HttpRequest, record: Model) -> Iterator[str]:
    """Yield a notice on a page whose review date has passed, with its button. No query."""
    if not isinstance(record, Publishable) or not is_content(record):
        return
    if not record.review_by or record.review_by >= timezone.localdate():
        return
    if not allowed(request.user, "change", record):
        return
    context = {"page": record, "kind": kind_of(record).name, "months": MONTHS}
    yield render_to_string("admin/reports/_review_panel.html", context, request)
