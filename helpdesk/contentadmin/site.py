"""Admin site: Markdown preview, full publish check, and names in autocomplete fields."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from helpdesk.adminkit.extensions import header_parts, index_links
from helpdesk.contentadmin.views import limit_length, markdown_preview
from helpdesk.flags.admin import flag_urls
from helpdesk.publishcheck.views import check_page


class NamedAutocompleteView(AutocompleteJsonView):
    """Autocomplete with the name that a record's admin gives it in `name_in_lists`, its path for instance."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        name = getattr(self.model_admin, "name_in_lists", str)
        return {**super().serialize_result(obj, to_field_name), "text": name(obj)}


class StaffAdminSite(admin.AdminSite):
    """Site at `/admin/`, without the views of accounts."""

    index_title = _("Content and settings")

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        parts = SimpleLazyObject(lambda: header_parts.collect(request))
        return {**super().each_context(request), "header_parts": parts}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        preview = limit_length(self.admin_view(markdown_preview))
        return [
            path("markdown/preview/", preview, name="markdown-preview"),
            path("check/", self.admin_view(check_page), name="check-everything"),
            *flag_urls(self),
            *super().get_urls(),
        ]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, object]]:
        """Return the apps: first those with something to write, then read-only ones."""
        parts = super().get_app_list(request, app_label)
        return sorted(parts, key=lambda part: not any(model["perms"]["add"] for model in part["models"]))

    def index(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> TemplateResponse:
        return super().index(request, {"workbench": index_links.collect(request), **(extra_context or {})})

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return NamedAutocompleteView.as_view(admin_site=self)(request)
