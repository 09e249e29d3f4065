"""Admin of rows without a history whose list has the name of its records as its heading."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst


class NamedListAdmin(admin.ModelAdmin):
    """Admin with "Guides" as the heading of its list; Django's own is "Select guide to change"."""

    def list_title(self) -> str:
        return str(capfirst(self.opts.verbose_name_plural))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": self.list_title(), **(extra_context or {})})
