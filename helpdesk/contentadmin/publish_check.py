"""Publish check of admin forms: an edit that brings an error to visitors is not saved, and nothing typed is lost.

The record and its rows are judged as they are stored, inside the transaction. If they are refused, the transaction is
rolled back and the same form is shown again, with the errors in it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.admin.models import LogEntry
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from simple_history.admin import SimpleHistoryAdmin

from helpdesk.publishcheck.validation import UnpublishableError, known_errors, problem_html, validate_publishable


class CheckedAdmin(SimpleHistoryAdmin):
    """Admin of a record that the publish check has rules for."""

    # Views that save a form

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except UnpublishableError as refused:
            # Again, from the rolled back state: now the form shows the errors.
            request.__dict__["refused"] = refused
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type[ModelForm]:
        form = super().get_form(request, *args, **kwargs)
        refused = getattr(request, "refused", None)
        return type(form.__name__, (form,), {"refused": refused}) if refused else form

    def changelist_view(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().changelist_view(request, *args, **kwargs)
        except UnpublishableError as refused:
            return self._refused_with_messages(request, refused)

    def history_form_view(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return super().history_form_view(request, *args, **kwargs)
        except UnpublishableError as refused:
            return self._refused_with_messages(request, refused)

    def _refused_with_messages(self, request: HttpRequest, refused: UnpublishableError) -> HttpResponse:
        for problem in refused.problems:
            messages.error(request, problem_html(problem))
        return HttpResponseRedirect(request.get_full_path())

    # Each of these views calls `save_model` first, and writes the log last

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        request.__dict__["known_errors"] = known_errors(obj)
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: str | list[dict[str, object]]) -> LogEntry:
        self._refuse_new_errors(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: str | list[dict[str, object]]) -> LogEntry:
        self._refuse_new_errors(request, obj)
        return super().log_change(request, obj, message)

    def _refuse_new_errors(self, request: HttpRequest, obj: Model) -> None:
        known = request.__dict__.pop("known_errors", None)
        if known is not None:
            validate_publishable(obj, known=known)
