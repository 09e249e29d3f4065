"""The history of a record in the admin: its versions, what changed between them, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.http import Http404, HttpRequest, HttpResponse
from simple_history.admin import SimpleHistoryAdmin


class HistoryAdmin(SimpleHistoryAdmin):
    """The admin of a record whose versions are kept."""

    object_history_list_template = "admin/content_history_list.html"
    object_history_form_template = "admin/content_history_form.html"

    def stored(self, obj: Any) -> Any:
        """The record as the database has it; None where it has none."""
        return self.model._default_manager.filter(pk=obj.pk).first() if obj and obj.pk else None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        require_numbers(object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """An older version; going back to it needs the right to change the record as it is now."""
        require_numbers(object_id, version_id)
        view: Callable[..., HttpResponse] = super().history_form_view
        if request.method != "POST":
            return view(request, object_id, version_id, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            if self.revert_disabled(request, self.get_object(request, unquote(object_id))):
                raise PermissionDenied
            return view(request, object_id, version_id, extra_context)

    def revert_disabled(self, request: HttpRequest, obj: Any = None) -> bool:
        current = self.stored(obj)
        if current is None:
            return not self.has_add_permission(request)
        return not self.has_change_permission(request, current)


def require_numbers(*ids: str) -> None:
    """Raises Http404 for an address that cannot be one of ours."""
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in ids):
        raise Http404
