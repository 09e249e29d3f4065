"""Admin of rows that nobody changes by hand."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest

from helpdesk.adminkit.named_list import NamedListAdmin


class ReadOnlyAdmin(NamedListAdmin):
    """Admin without add, change and delete, whatever the user's rights."""

    class Media:
        css = {"all": ["staff/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
