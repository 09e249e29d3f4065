"""Flags: the panel on a record's page, and the views behind its buttons."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

import helpdesk.publishcheck.views  # noqa: F401 (its panel comes above the one of the flags)
from helpdesk.adminkit.coded_text import CodedText
from helpdesk.adminkit.extensions import record_panels
from helpdesk.adminkit.html import record_url
from helpdesk.adminkit.return_url import return_url
from helpdesk.flags.models import Flag
from helpdesk.permissions.rules import allowed, require
from helpdesk.web.urls import SeeOther

# Done flags on a record's page; older ones are still in the database.
DONE_SHOWN = 10

FLAG_SET = CodedText("log.flag-set", _("Needs change: %(note)s"))
FLAG_DONE = CodedText("log.flag-done", _("Done: %(note)s"))


class FlagForm(forms.ModelForm):
    """Form for the note of a new flag."""

    class Meta:
        model = Flag
        fields = ("note",)
        widgets = {"note": forms.Textarea({"rows": 2})}


def can_be_flagged(model: type[Model]) -> bool:
    """Return whether records of this model can be flagged: content, by its admin."""
    return getattr(admin.site._registry.get(model), "carries_flags", False)


def may_end(request: HttpRequest, flag: Flag, record: Model) -> bool:
    """Return whether the user may end a flag: users who may change the record, and who set the flag."""
    return flag.created_by == request.user or allowed(request.user, "change", record)


@record_panels
def flags_panel(request: HttpRequest, record: Model) -> Iterator[str]:
    """Yield the record's flags and the form for a new one. Two queries, and those of the user's rights."""
    if not can_be_flagged(type(record)):
        return
    flags = Flag.objects.of(record)
    context = {
        "flags": [(flag, may_end(request, flag, record)) for flag in flags.still_open()],
        "done": flags.exclude(done_at=None).order_by("-done_at", "-pk")[:DONE_SHOWN],
        "form": FlagForm(auto_id="flag_%s"),
        "action": reverse("admin:flag", args=[record._meta.app_label, record._meta.model_name, record.pk]),
    }
    yield render_to_string("admin/_flags.html", context, request)


@require_POST
def flag(request: HttpRequest, app: str, model: str, pk: int) -> HttpResponse:
    """Set a flag on a record. An invalid note is shown again with its errors."""
    record = find_record(app, model, pk)
    require(request.user, "view", record)
    form = FlagForm(request.POST, auto_id="flag_%s")
    if not form.is_valid():
        context = {
            **admin.site.each_context(request),
            "title": gettext("This needs change"),
            "form": form,
            "record": record,
            "record_url": record_url(record),
        }
        return TemplateResponse(request, "admin/flag_form.html", context)
    with transaction.atomic():
        noted = Flag.objects.set_on(record, note=form.cleaned_data["note"], by=request.user)
        log(request, record, FLAG_SET.to_json(note=noted.note))
    messages.success(request, gettext("“%(record)s” is now flagged: needs change.") % {"record": record})
    return back(request, record)


@require_POST
def flag_done(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a flag as done. Of two presses, by one or two people, the first counts."""
    flag = get_object_or_404(Flag.objects.select_related("content_type"), pk=pk)
    record = find_record(flag.content_type.app_label, flag.content_type.model, flag.object_id)
    require(request.user, "view", record)
    if not may_end(request, flag, record):
        raise PermissionDenied
    with transaction.atomic():
        if Flag.objects.all().end(flag, by=request.user):
            log(request, record, FLAG_DONE.to_json(note=flag.note))
    messages.success(request, gettext("Marked as done: “%(note)s”") % {"note": flag.note})
    return back(request, record)


def find_record(app: str, model: str, pk: int) -> Model:
    """Return the record with these names and key that can be flagged. Raises Http404."""
    for known in admin.site._registry:
        if (known._meta.app_label, known._meta.model_name) == (app, model) and can_be_flagged(known):
            return get_object_or_404(known, pk=pk)
    raise Http404


def log(request: HttpRequest, record: Model, text: str) -> None:
    """Add an entry to the admin's log; `text` is a sentence as `CodedText.to_json` returns it."""
    admin.site._registry[type(record)].log_change(request, record, text)


def back(request: HttpRequest, record: Model) -> HttpResponse:
    """Redirect to the page that the button was on, by default the record's."""
    return SeeOther(return_url(request) or f"{record_url(record)}#flags")
