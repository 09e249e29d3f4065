"""Base class of the admin of pages: deletion asks what happens to their addresses."""

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
from django.utils.functional import Promise

from helpdesk.addresses.models import Addressed
from helpdesk.contentadmin.publishing import PublishingAdmin
from helpdesk.redirects.page_deletion import PageDeletionForm, ever_public


class PageDeletionAdmin(PublishingAdmin):
    """Admin that deletes drafts as Django does, and asks first for a page that visitors have seen."""

    delete_confirmation_template = "admin/links/delete_page.html"
    delete_selected_confirmation_template = "admin/links/delete_pages.html"
    # Help text: what moves when two of these pages are merged, and what does not.
    merge_help: str | Promise = ""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        with transaction.atomic():
            page = self.get_object(request, unquote(object_id))
            if page is None or not self.has_delete_permission(request, page) or not ever_public([page]):
                return super().delete_view(request, object_id, extra_context)
            form = PageDeletionForm(request, [page], request.POST if request.method == "POST" else None)
            if form.is_valid() and form.carry_out():
                response = super().delete_view(request, object_id, extra_context)
                if not isinstance(response, TemplateResponse):
                    messages.success(request, form.outcome)
                    return response
                transaction.set_rollback(True)
        return self.confirmation(super().delete_view(without_post(request), object_id, extra_context), form)

    def confirmation(self, response: Any, form: PageDeletionForm) -> HttpResponse:
        """Return Django's confirmation page with the form on it."""
        context = response.context_data
        if context["protected"]:
            form.only_merging()
        if not context["protected"] or (self.merge_help and form.needs_page):
            context["page_deletion"] = form
            context["media"] += form.media
        context["merge_help"] = self.merge_help
        return response

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if "delete_selected" in found:
            _function, name, description = found["delete_selected"]
            found["delete_selected"] = (delete_selected, name, description)
        return found


def delete_selected(
    model_admin: PageDeletionAdmin, request: HttpRequest, queryset: QuerySet[Addressed]
) -> HttpResponse | None:
    """Run Django's action, after the same form for all selected pages."""
    pages = list(queryset)
    seen = ever_public(pages)
    if not seen:
        return actions.delete_selected(model_admin, request, queryset)
    form = PageDeletionForm(request, seen, request.POST if request.POST.get("post") else None)
    if form.is_bound and not all(model_admin.has_delete_permission(request, page) for page in pages):
        raise PermissionDenied
    with transaction.atomic():
        if form.is_valid() and form.carry_out():
            if actions.delete_selected(model_admin, request, queryset) is None:
                messages.success(request, form.outcome)
                return None
            transaction.set_rollback(True)
    return model_admin.confirmation(actions.delete_selected(model_admin, without_post(request), queryset), form)


def without_post(request: HttpRequest) -> HttpRequest:
    """Return the request as if the form had not been sent yet."""
    again = copy(request)
    again.method = "GET"
    again.POST = QueryDict()
    return again
