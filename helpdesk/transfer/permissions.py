"""Rights of whoever exports and imports."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.db.models import Model
from django.http import HttpRequest

from helpdesk.permissions import rules


class Operator:
    """Importer on the command line, who may do everything; `user` is the account that the history names."""

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def may_add(self, model: type[Model]) -> bool:
        return True

    def may_publish(self, model: type[Model]) -> bool:
        return True

    def may_change(self, record: Model) -> bool:
        """Return whether the record, as it is stored, may be changed."""
        return True


class StaffImporter(Operator):
    """Signed-in user of a request."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.user)
        self._request = request

    def may_add(self, model: type[Model]) -> bool:
        return admin.site.get_model_admin(model).has_add_permission(self._request)

    def may_publish(self, model: type[Model]) -> bool:
        return bool(self.user.has_perm(f"{model._meta.app_label}.{get_permission_codename('publish', model._meta)}"))

    def may_change(self, record: Model) -> bool:
        return rules.allowed(self.user, "change", record)
