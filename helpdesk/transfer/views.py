"""Admin pages of export and import."""

from __future__ import annotations

from collections.abc import Generator, Iterable

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
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.adminkit.progress import ProgressStep, progress_page
from helpdesk.faq.models import FaqCategory, FaqEntry
from helpdesk.guides.models import Guide, Symptom
from helpdesk.permissions import rules
from helpdesk.transfer.archive import export_bundle, read_file
from helpdesk.transfer.errors import ImportRefused
from helpdesk.transfer.files import MAX_FILE_SIZE, ExportFile, too_large
from helpdesk.transfer.models import Upload
from helpdesk.transfer.permissions import StaffImporter
from helpdesk.transfer.plan import make_plan
from helpdesk.transfer.plan_report import counts_text, plan_context
from helpdesk.transfer.run_import import ImportDecision, PlanChanged, run_import
from helpdesk.transfer.schema import record_specs
from helpdesk.transfer.spreadsheet_writer import spreadsheet
from helpdesk.transfer.validation import UnfitPages


def may_export(request: HttpRequest) -> bool:
    """Return whether this user may read all that would be in a bundle."""
    return _may_view(request, (spec.model for spec in record_specs()))


def may_export_faq(request: HttpRequest) -> bool:
    """Return whether this user may read all that would be in the spreadsheet."""
    return _may_view(request, (FaqCategory, FaqEntry, Symptom))


def _may_view(request: HttpRequest, models: Iterable[type[Model]]) -> bool:
    return all(rules.allowed(request.user, "view", model) for model in models)


def may_import(request: HttpRequest) -> bool:
    """Return whether there is any kind of record that this user could import; each record is checked later."""
    return any(rules.allowed(request.user, "add", spec.model) for spec in record_specs())


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show everything there is to do with files. A fixed number of queries."""
    if not may_export_faq(request) and not may_import(request):
        raise PermissionDenied
    return _page(
        request,
        "overview",
        gettext("Export and import"),
        guides=Guide.objects.all() if may_export(request) else [],
        may_export=may_export(request),
        may_export_faq=may_export_faq(request),
        may_import=may_import(request),
    )


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Return all content, or the chosen guides, as a file."""
    if not may_export(request):
        raise PermissionDenied
    chosen = request.GET.getlist("guide")
    if request.GET.get("what") == "chosen" and not chosen:
        messages.warning(request, gettext("Choose at least one guide to export."))
        return redirect("bundles")
    try:
        file, _content = export_bundle(chosen, onward="onward" in request.GET)
    except KeyError:
        messages.warning(request, gettext("One of these guides no longer exists. Choose again."))
        return redirect("bundles")
    return download(file)


@require_safe
def export_faq(request: HttpRequest) -> HttpResponse:
    """Return all FAQ entries as a spreadsheet."""
    if not may_export_faq(request):
        raise PermissionDenied
    return download(spreadsheet())


def download(file: ExportFile) -> HttpResponse:
    """Return the file as an attachment that no cache keeps."""
    response = HttpResponse(file.data, content_type=file.content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload_file(request: HttpRequest) -> HttpResponse:
    """Show the form for a file. A file that can be read is stored, and the next page shows its plan."""
    if not may_import(request):
        raise PermissionDenied
    if request.method != "POST":
        return _upload_page(request)
    file = request.FILES.get("file")
    if file is None:
        return _upload_page(request, gettext("Choose a file."), status=422)
    if (file.size or 0) > MAX_FILE_SIZE:
        return _upload_page(request, too_large(MAX_FILE_SIZE), status=413)
    data = file.read()
    # Only to be read: it is never used as the name of a file again.
    name = "".join(letter for letter in file.name or "" if letter.isprintable())[-100:]
    try:
        read_file(data)
    except ImportRefused as refused:
        return _upload_page(request, *refused.sentences, name=name, status=422)
    return redirect("bundles-decide", key=Upload.objects.add(request.user.pk, name, data).key)


def _upload_page(request: HttpRequest, *sentences: str, name: str = "", status: int = 200) -> HttpResponse:
    """Return the form, with what is wrong with the file that was sent."""
    name = name or gettext("a file")
    return _page(request, "import", gettext("Import a file"), status=status, sentences=sentences, name=name)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, key: str) -> HttpResponseBase:
    """Show the plan of an uploaded file; when that comes back with the decisions, import."""
    if not may_import(request):
        raise PermissionDenied
    upload = get_object_or_404(Upload, key=key, user_id=request.user.pk)
    importer = StaffImporter(request.user)
    as_drafts = _wants_drafts(request, importer)
    try:
        file = read_file(bytes(upload.content))
        plan = make_plan(file.content, importer, as_drafts=as_drafts)
    except ImportRefused as refused:
        return _upload_page(request, *refused.sentences, name=upload.name, status=422)
    chosen = set(request.POST.getlist("take"))
    if "all" in request.POST:
        chosen |= plan.all_changed()
    is_outdated = request.method == "POST" and request.POST.get("fingerprint") != plan.fingerprint
    if request.method == "POST" and not is_outdated:
        decision = ImportDecision(file, upload.name, chosen, plan.fingerprint, as_drafts)
        return progress_page(
            request,
            _import_steps(upload, decision, importer),
            title=gettext("Import of %(name)s") % {"name": upload},
            back_url=reverse("bundles"),
            back_text=gettext("Export and import"),
        )
    title = gettext("Review import of %(name)s") % {"name": upload}
    context = {"upload": upload, "is_outdated": is_outdated, **plan_context(plan, file, chosen)}
    return _page(request, "plan", title, status=409 if is_outdated else 200, **context)


def _wants_drafts(request: HttpRequest, importer: StaffImporter) -> bool:
    """Return whether pages are imported as drafts: as requested, by default for whoever may not publish."""
    given = (request.POST if request.method == "POST" else request.GET).get("drafts")
    if given in ("0", "1"):
        return given == "1"
    return not all(importer.may("publish", spec.model) for spec in record_specs() if spec.kind.is_publishable)


def _import_steps(
    upload: Upload, decision: ImportDecision, importer: StaffImporter
) -> Generator[ProgressStep, None, SafeString]:
    """Import step by step, and return the outcome as HTML."""
    context: dict[str, object] = {"upload": upload, "as_drafts": decision.as_drafts}
    try:
        result = yield from run_import(decision, importer)
    except PlanChanged:
        context |= {"is_changed": True}
    except ImportRefused as refused:
        context |= {"sentences": refused.sentences, "is_unfit": isinstance(refused, UnfitPages)}
    else:
        upload.delete()
        new, changed = counts_text(result.new), counts_text(result.changed)
        context |= {"result": result, "new": new, "changed": changed}
    return render_to_string("admin/transfer/_result.html", context)


def _page(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: object) -> HttpResponse:
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/transfer/{template}.html", whole, status=status)
