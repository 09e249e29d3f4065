"""The admin's pages for export and import."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.adminkit.progress import ProgressStep, progress_page
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Guide, Symptom
from helpdesk.transfer import exporting, plan_view
from helpdesk.transfer.archive import LARGEST_FILE, File, Package, too_large
from helpdesk.transfer.errors import Refused
from helpdesk.transfer.file_formats import read_file
from helpdesk.transfer.importing import Order, PlanChanged, carry_out
from helpdesk.transfer.models import Upload
from helpdesk.transfer.permissions import Staff
from helpdesk.transfer.plan import Plan, make_plan
from helpdesk.transfer.schema import KINDS
from helpdesk.transfer.spreadsheet_writer import spreadsheet
from helpdesk.transfer.text_report import counted
from helpdesk.transfer.validation import Broken

CONTENT = [kind.model for kind in KINDS]
FAQ = [FaqCategory, FaqEntry, Symptom]


def may_export(request: HttpRequest, models: Iterable[type[Model]] = CONTENT) -> bool:
    """Whether this user may read all that would be in the file."""
    person = Staff(request)
    return all(person.may_view(model) for model in models)


def may_import(request: HttpRequest) -> bool:
    """Whether there is any kind of record that this user could import; each record is asked about later."""
    person = Staff(request)
    return any(person.may_add(model) for model in CONTENT)


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything there is to do with files. A fixed number of queries."""
    if not may_export(request, FAQ) and not may_import(request):
        raise PermissionDenied
    return _page(
        request,
        "admin/bundles/overview.html",
        _("Export and import"),
        guides=Guide.objects.all() if may_export(request) else [],
        may_export=may_export(request),
        may_export_faq=may_export(request, FAQ),
        may_import=may_import(request),
    )


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All content, or the guides that were chosen, as a file."""
    if not may_export(request):
        raise PermissionDenied
    chosen = request.GET.getlist("guide")
    if request.GET.get("what") == "chosen" and not chosen:
        messages.warning(request, _("No guide was chosen, so there is nothing to export."))
        return redirect("bundles")
    try:
        file, _content = exporting.bundle(chosen, onward="onward" in request.GET)
    except KeyError:
        messages.warning(request, _("One of these guides is not there any more."))
        return redirect("bundles")
    return download(file)


@require_safe
def export_faq(request: HttpRequest) -> HttpResponse:
    """All FAQ entries as a spreadsheet."""
    if not may_export(request, FAQ):
        raise PermissionDenied
    return download(spreadsheet())


def download(file: File) -> HttpResponse:
    """The file, to be kept and not shown."""
    response = HttpResponse(file.data, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


# Import


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """The form for a file. One that can be read is kept, and the next page says what it would change."""
    if not may_import(request):
        raise PermissionDenied
    if request.method != "POST":
        return import_page(request)
    file = request.FILES.get("file")
    if file is None:
        return import_page(request, _("No file was chosen."), status=422)
    if (file.size or 0) > LARGEST_FILE:
        return import_page(request, too_large(LARGEST_FILE), status=413)
    data = file.read()
    try:
        read_file(data)
    except Refused as refused:
        return import_page(request, *refused.sentences, name=file.name or "", status=422)
    upload = Upload.objects.keep(request.user, readable(file.name or ""), data)
    return redirect("bundles-decide", key=upload.key)


def readable(name: str) -> str:
    """A file's name as a note: what can be read of it, never used as a name again."""
    return "".join(letter for letter in name if letter.isprintable())[-100:] or _("a file")


def import_page(request: HttpRequest, *sentences: str, name: str = "", status: int = 200) -> HttpResponse:
    """The form, with what is wrong with the file that was sent."""
    return _page(
        request,
        "admin/bundles/import.html",
        _("Import a file"),
        status=status,
        sentences=sentences,
        name=readable(name),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, key: str) -> HttpResponseBase:
    """What the kept file would change here; sent back with the decisions, does it."""
    if not may_import(request):
        raise PermissionDenied
    upload = get_object_or_404(Upload, key=key, user_id=request.user.pk)
    person = Staff(request)
    as_drafts = wants_drafts(request, person)
    try:
        package = read_file(bytes(upload.content))
        plan = make_plan(package.content, person, as_drafts=as_drafts)
    except Refused as refused:
        return import_page(request, *refused.sentences, name=upload.name, status=422)
    chosen = set(request.POST.getlist("take"))
    if "all" in request.POST:
        chosen |= plan.all_changed()
    if request.method != "POST":
        return plan_page(request, upload, package, plan, chosen)
    if request.POST.get("fingerprint") != plan.fingerprint:
        return plan_page(request, upload, package, plan, chosen, is_renewed=True)
    order = Order(package.content, upload.name, chosen, plan.fingerprint, as_drafts, package.pictures)
    return progress_page(
        request,
        _work(upload, order, person),
        title=_("Import of %(name)s") % {"name": upload.name},
        back_url=reverse("bundles"),
        back_text=_("Export and import"),
    )


def wants_drafts(request: HttpRequest, person: Staff) -> bool:
    """Whether pages come in as drafts: as they were asked to, else for those who may not publish."""
    given = (request.POST if request.method == "POST" else request.GET).get("drafts")
    if given in ("0", "1"):
        return given == "1"
    return not all(person.may_publish(kind.model) for kind in KINDS if kind.is_publishable)


def plan_page(
    request: HttpRequest, upload: Upload, package: Package, plan: Plan, chosen: set[str], *, is_renewed: bool = False
) -> HttpResponse:
    """The plan, with a choice at each record that is here in another version."""
    title = _("What importing %(name)s would change") % {"name": upload.name}
    status = 409 if is_renewed else 200
    context = plan_view.context(plan, package, chosen)
    return _page(
        request, "admin/bundles/plan.html", title, status=status, upload=upload, is_renewed=is_renewed, **context
    )


def _work(upload: Upload, order: Order, person: Staff) -> Generator[ProgressStep, None, SafeString]:
    """The import, and what the page says at its end."""
    said: dict[str, Any] = {"upload": upload, "as_drafts": order.as_drafts}
    try:
        result = yield from carry_out(order, person)
    except PlanChanged:
        said |= {"is_changed": True}
    except Broken as broken:
        said |= {"sentences": broken.sentences, "is_broken": True}
    except Refused as refused:
        said |= {"sentences": refused.sentences}
    else:
        upload.delete()
        said |= {"result": result, "new": counted(result.new), "changed": counted(result.changed)}
    return render_to_string("admin/bundles/_result.html", said)


def _page(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request, template, {**admin.site.each_context(request), "title": title, **context}, status=status
    )
