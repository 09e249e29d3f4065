"""Base class for admin pages of records with rules: every question of permission goes to `rules.allowed`."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from helpdesk.permissions.rules import allowed


class PermissionCheckedAdmin:
    """Mixin for a ModelAdmin with the permissions of the rules, for a stored record or for the kind of record."""

    model: Any

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return allowed(request.user, "view", obj or self.model)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return allowed(request.user, "add", self.model)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return allowed(request.user, "change", obj or self.model)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return allowed(request.user, "delete", obj or self.model)

    def has_publish_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Permission to decide what is public: publish, archive, and change what is public."""
        return allowed(request.user, "publish", self.model)
