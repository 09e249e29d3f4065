"""The admin of pages whose deletion asks what becomes of their addresses."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.admin import actions
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse

from helpdesk.contentadmin.publishing import PublishingAdmin
from helpdesk.redirects.page_deletion import FarewellForm, ever_public


class FarewellAdmin(PublishingAdmin):
    """Deletes what visitors never saw as Django does; for anything else it asks first."""

    delete_confirmation_template = "admin/links/delete_page.html"
    delete_selected_confirmation_template = "admin/links/delete_pages.html"
    # What moves over when two of these pages are merged, and what does not.
    merge_help: Any = ""

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        with transaction.atomic():
            page = self.get_object(request, unquote(object_id))
            if page is None or not self.has_delete_permission(request, page) or not ever_public([page]):
                return super().delete_view(request, object_id, extra_context)
            form = FarewellForm(request, [page], request.POST if request.method == "POST" else None)
            if form.is_valid() and form.carry_out():
                response = super().delete_view(request, object_id, extra_context)
                if not isinstance(response, TemplateResponse):
                    messages.success(request, form.outcome)
                    return response
                transaction.set_rollback(True)
        return self.asking(super().delete_view(without_answer(request), object_id, extra_context), form)

    def asking(self, response: Any, form: FarewellForm) -> HttpResponse:
        """Django's page that asks whether to delete, with our question on it."""
        context = response.context_data
        if context["protected"]:
            form.only_merging()
        if not context["protected"] or (self.merge_help and form.leads_on):
            context["farewell"] = form
            context["media"] += form.media
        context["merge_help"] = self.merge_help
        return response

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if "delete_selected" in found:
            _function, name, description = found["delete_selected"]
            found["delete_selected"] = (delete_selected, name, description)
        return found


def delete_selected(model_admin: Any, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
    """Django's action, after the same question for all pages that were chosen."""
    pages = list(queryset)
    seen = ever_public(pages)
    if not seen:
        return actions.delete_selected(model_admin, request, queryset)
    form = FarewellForm(request, seen, request.POST if request.POST.get("post") else None)
    if form.is_bound and not all(model_admin.has_delete_permission(request, page) for page in pages):
        raise PermissionDenied
    with transaction.atomic():
        if form.is_valid() and form.carry_out():
            if actions.delete_selected(model_admin, request, queryset) is None:
                messages.success(request, form.outcome)
                return None
            transaction.set_rollback(True)
    return model_admin.asking(actions.delete_selected(model_admin, without_answer(request), queryset), form)


def without_answer(request: HttpRequest) -> HttpRequest:
    """The request as if the question had not been answered yet."""
    again = copy(request)
    again.method = "GET"
    again.POST = QueryDict()
    return again
