"""Admin page "Check everything", and the block "Before you publish" on the form of each record."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from helpdesk.adminkit.extensions import StaffLink, index_links, record_panels
from helpdesk.adminkit.progress import ProgressStep, progress_page
from helpdesk.content.publishing import Publishable
from helpdesk.publishcheck.full_check import check_everything
from helpdesk.publishcheck.problems import Severity
from helpdesk.publishcheck.rules import checked_models, is_archived, problems_of, public_from, stored_record

# More than anybody corrects in a day; the command lists all.
MOST_RECORDS = 500
# Problems listed on the page of a guide with many situations.
MOST_ON_A_RECORD = 20


@require_safe
def check_page(request: HttpRequest) -> StreamingHttpResponse:
    """Show the check over everything that the user may see, while it runs; `warnings` and `drafts` widen it."""
    models = visible_models(request)
    if not models:
        raise PermissionDenied
    chosen = {"warnings": "warnings" in request.GET, "drafts": "drafts" in request.GET}

    def work() -> Generator[ProgressStep, None, SafeString]:
        report = yield from check_everything(models=models, **chosen)
        context = {
            **chosen,
            "report": report,
            "found": report.found[:MOST_RECORDS],
            "more": max(0, len(report.found) - MOST_RECORDS),
            "errors": report.count(Severity.ERROR, public=True),
            "draft_errors": report.count(Severity.ERROR, public=False),
            "warning_count": report.count(Severity.WARNING),
        }
        return render_to_string("admin/_check_report.html", context)

    return progress_page(request, work(), title=gettext("Check everything"), sheets=["staff/check.css"])


def visible_models(request: HttpRequest) -> set[type[Model]]:
    """Return the checked models whose records the user may look at."""
    registry = admin.site._registry
    return {model for model in checked_models() if model in registry and registry[model].has_view_permission(request)}


@index_links
def check_link(request: HttpRequest) -> Iterator[StaffLink]:
    if visible_models(request):
        yield StaffLink(
            gettext("Check everything"),
            reverse("admin:check-everything"),
            gettext("Dead links, missing checks and anything else that keeps a page from being published"),
        )


@record_panels
def before_you_publish(request: HttpRequest, record: Model) -> Iterator[str]:
    """Yield the block with the problems of the record as it is stored.

    None on an archived page, and beside a form that was just refused, where its own errors count.
    """
    stored = stored_record(record) if request.method == "GET" and type(record) in checked_models() else None
    if stored is None or is_archived(stored):
        return
    problems = problems_of(stored)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    context = {
        "page": stored,
        "public": public_from(stored) is not None,
        "publishable": isinstance(stored, Publishable),
        "errors": errors[:MOST_ON_A_RECORD],
        "more_errors": max(0, len(errors) - MOST_ON_A_RECORD),
        "warnings": warnings[:MOST_ON_A_RECORD],
        "more_warnings": max(0, len(warnings) - MOST_ON_A_RECORD),
        "error_count": len(errors),
        "warning_count": len(warnings),
    }
    yield render_to_string("admin/_check_panel.html", context)
