"""What the work list and the map add to the admin pages of others."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.adminkit.extensions import StaffLink, index_links, record_links, record_panels
from helpdesk.content.publishing import Publishable
from helpdesk.guides.models import Guide
from helpdesk.permissions.rules import allowed
from helpdesk.reports.record_kinds import kind_of
from helpdesk.reports.reviews import MONTHS
from helpdesk.reports.views import may_see_work


@record_links
def map_link(request: HttpRequest, record: Model) -> Iterator[StaffLink]:
    """The map, from the page of a guide."""
    if isinstance(record, Guide):
        help_text = _("The guide as a picture: situations, checks, resolutions, what helps and what is wrong")
        yield StaffLink(_("Map"), reverse("guide-map", args=[record.pk]), help_text)


@index_links
def work_link(request: HttpRequest) -> Iterator[StaffLink]:
    """The work list, for who may look at content."""
    if may_see_work(request):
        help_text = _("What needs change, drafts, what is waiting, problems, pages to read again")
        yield StaffLink(_("Work list"), reverse("work"), help_text)


@record_panels
def review_panel(request: HttpRequest, record: Model) -> Iterator[str]:
    """A page whose review date has passed, and the button for who may change it. No query."""
    overdue = isinstance(record, Publishable) and record.review_by and record.review_by < timezone.localdate()
    if not overdue or not allowed(request.user, "change", record):
        return
    context = {"page": record, "kind": kind_of(record).name, "months": MONTHS}
    yield render_to_string("admin/reports/_review_panel.html", context, request)
